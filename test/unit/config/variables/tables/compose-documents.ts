/**
 * Interpolation of whole documents as Docker Compose does it: each point of the tables of its library, with words of
 * our own.
 *
 * Source: compose-spec/compose-go v2.16.2, `interpolation/interpolation_test.go` and the texts of
 * `template/variables_test.go`.
 */
import { agree, loud, refused, type Table, withEnvironment } from './row.ts';

const GIVEN = { LAKE: 'mjosa', TOWN: 'oslo', many: '7', SURE: 'true' };
const NO_TOWN = 'the variable TOWN is not set';

const nothingGiven = [
  agree('braces around, a default that ends with _', '{{{ ${TOWN:-fig_} }}}', '{{{ fig_ }}}'),
  agree('a default with dashes', '{{{ ${TOWN:-fig-plum-kiwi} }}}', '{{{ fig-plum-kiwi }}}'),
  agree('a default with question marks', '{{{ ${TOWN:-fig?plum?kiwi} }}}', '{{{ fig?plum?kiwi }}}'),
  agree(
    'a default with the signs of messages',
    '{{{ ${TOWN:-fig:?plum:?kiwi} }}}',
    '{{{ fig:?plum:?kiwi }}}',
  ),
  agree('two defaults', '{{{ ${TOWN:-fig} ${LAKE:-PLUM_KIWI} }}}', '{{{ fig PLUM_KIWI }}}'),
  loud('nothing for it', '{{{ ${TOWN} }}}', '{{{  }}}', NO_TOWN),
  agree('braces only behind it, a default with a colon', '${TOWN:-fig} }}}', 'fig }}}'),
  agree('braces only behind it, a default without one', '${TOWN-fig} }}}', 'fig }}}'),
  refused('a message that ends with _', '{{{ ${TOWN:?fig_} }}}'),
  refused('a message with dashes', '{{{ ${TOWN:?fig-plum-kiwi} }}}'),
  refused('a message, then a default', '{{{ ${TOWN:?fig} ${LAKE:-PLUM} }}}'),
  refused('two messages', '${TOWN:?fig} ${LAKE:?plum}'),
  refused('braces behind a message with a colon', '${TOWN:?fig} }}}'),
  refused('braces behind a message without one', '${TOWN?fig} }}}'),
  agree('three in each other', '${TOWN:-${LAKE:-${PEAK:-fig}}}', 'fig'),
  agree('two in one, with text between', '${TOWN:-${LAKE:-fig}_and_${LAKE:-plum}}', 'fig_and_plum'),
  agree('one in one, with text behind', '${TOWN:-${LAKE:-fig}_and}', 'fig_and'),
  agree('three in each other, with text behind', '${TOWN:-${LAKE:-${PEAK:-fig}}_and}', 'fig_and'),
];

const given = [
  agree('a text before it', 'plum:${LAKE}', 'plum:mjosa'),
  loud('no braces, and a colon behind it', '$TOWN:/plum', 'oslo:/plum', 'Nothing expands "$TOWN"'),
  agree('it alone', '${TOWN}', 'oslo'),
  loud('it alone without braces', '$LAKE', 'mjosa', 'Nothing expands "$LAKE"'),
  refused('a brace that is not closed', '${'),
  agree('a text before it, and no colon', 'plum_${TOWN}', 'plum_oslo'),
  agree('set, a default that ends with _', '{{{ ${TOWN:-fig_} }}}', '{{{ oslo }}}'),
  agree('set, a default with dashes', '{{{ ${TOWN:-fig-plum-kiwi} }}}', '{{{ oslo }}}'),
  agree('one is set, the other has a default', '{{{ ${TOWN:-fig} ${PEAK:-PLUM} }}}', '{{{ oslo PLUM }}}'),
  loud('others are set', '{{{ ${PEAK} }}}', '{{{  }}}', 'the variable PEAK is not set'),
  agree('set, braces behind a default with a colon', '${TOWN:-fig} }}}', 'oslo }}}'),
  agree('set, braces behind a default without one', '${TOWN-fig} }}}', 'oslo }}}'),
  agree('both are set', '{{{ ${TOWN:-fig} ${LAKE:-plum} }}}', '{{{ oslo mjosa }}}'),
  agree('set, braces around', '{{{ ${LAKE} }}}', '{{{ mjosa }}}'),
  loud('a number without braces', '$many', '7', 'Nothing expands "$many"'),
  loud('a truth value without braces', '$SURE', 'true', 'Nothing expands "$SURE"'),
  refused('a required one of two', '${PEAK:-fig}.${BAY:?}'),
  refused('the sign of a message before a colon', '${PEAK?:fig}'),
  loud('a name and a default between colons', '$TOWN:${PEAK:-fig}', 'oslo:fig', 'Nothing expands "$TOWN"'),
  loud('a name within a default', '${PEAK:-$TOWN}', 'oslo', 'Nothing expands "$TOWN"'),
];

export const composeDocuments: Table<string> = {
  source: 'compose-go, documents',
  rows: [...nothingGiven, ...withEnvironment(GIVEN, given)],
};
