#!/bin/sh
# Characters of two columns, some made of several.
printf '在庫を更新しました: 漢字\n결제 완료 ✅ 🎉\n👩‍💻 🇩🇪 ☀️ e\314\201\n'
printf '進捗状況：商品データベースを更新しています、しばらくお待ちください 🚧🚧🚧🚧🚧🚧🚧🚧🚧🚧🚧🚧'
exec sleep 1000
