/**
 * How the page around a picture looks, in the light and in the dark.
 */
export const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--quiet:#57606a;--line:#dde2e8;--wrong:#b3121f}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--quiet:#9aa4af;--line:#262d36;--wrong:#ff8f87}}
body{margin:0 auto;padding:24px;max-width:1248px;background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:22px;margin:0}
h2{font-size:16px;margin:28px 0 8px}
.facts{color:var(--quiet);margin:4px 0}
.wrong{color:var(--wrong);margin:4px 0}
.picture,.scroll{overflow-x:auto}
.picture svg{max-width:100%;height:auto;min-width:800px}
table{border-collapse:collapse}
th,td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--quiet);font-weight:500;white-space:nowrap}
.number{white-space:nowrap;font-variant-numeric:tabular-nums}
`;
