"""How a page looks."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ground: #fff; --ink: #1d2329; --soft: #5c6670; --line: #d9dee3;
  --card: #f6f8fa; --bad: #b3261e; --warning: #8a5a00; --hint: #1f5fa8; --good: #1c6e3d;
  --box: #e8effa; --thing: #fbf1dd; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15181c; --ink: #e3e7eb; --soft: #98a2ad; --line: #363c44; --card: #1d2126;
    --bad: #ff8a80; --warning: #f0b95b; --hint: #82b4f5; --good: #7fcf9c; --box: #22314a;
    --thing: #40341d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 1080px; margin: 0 auto; padding: 24px 20px 64px; }
header p, .code, .more, th, .library, summary { color: var(--soft); }
h1 { font-size: 26px; margin: 0; } h2 { font-size: 19px; margin: 36px 0 10px; }
h3 { font-size: 17px; margin: 2px 0 6px; } h4 { font-size: 14px; margin: 14px 0 2px; }
p { margin: 4px 0; } ul, ol { margin: 2px 0; padding-left: 22px; }
header p, .code, .more, table, summary { font-size: 13px; }
code, pre { font: 12.5px/1.5 ui-monospace, monospace; }
article { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--bad);
  border-radius: 6px; padding: 12px 18px; margin: 12px 0; }
article.warning { border-left-color: var(--warning); }
article.hint { border-left-color: var(--hint); } article.resolved { opacity: .7; }
.error .code b, .bad { color: var(--bad); } .warning .code b { color: var(--warning); }
.hint .code b { color: var(--hint); } .good { color: var(--good); }
.advice { margin-top: 10px; } a { color: var(--hint); }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 4px 8px;
  border-bottom: 1px solid var(--line); }
td.figure { text-align: right; font-variant-numeric: tabular-nums; }
.tree td:first-child { font-weight: 600; overflow-wrap: normal; }
.concerned td:first-child { color: var(--bad); }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; margin: 4px 0;
  padding: 8px 12px; white-space: pre-wrap; }
.stderr { color: var(--warning); } details { margin: 8px 0; } summary { cursor: pointer; }
svg { display: block; height: auto; } svg text { fill: var(--ink); text-anchor: middle; }
svg .name { font-size: 13px; font-weight: 600; } svg .about { font-size: 11px; fill: var(--soft); }
svg rect { fill: var(--box); stroke: var(--line); } svg .thing rect { fill: var(--thing); }
svg g.wrong rect { stroke: var(--bad); stroke-width: 2.5; }
.line { fill: none; stroke: var(--soft); stroke-width: 1.5; } .guard { stroke-dasharray: 4 3; }
.line.wrong { stroke: var(--bad); stroke-width: 2.5; } .arrow { fill: var(--soft); }
marker.wrong { fill: var(--bad); }
"""
