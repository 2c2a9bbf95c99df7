/// The desk's style: system fonts, light or dark as the reader's system is, paper.
///
/// Verdict colours differ in lightness as well as in hue, and every coloured mark has its word
/// beside it. Text and controls have a contrast of 4.5 or more to what they stand on.
enum DeskStyle {
  static let text = [
    colours, page, top, forms, tables, cards, measures, drawings, narrow, paper,
  ].joined(separator: "\n")

  private static let colours = """
    :root { color-scheme: light dark; --ground: #fff; --panel: #f4f6f8; --ink: #16191d;
      --soft: #535b65; --line: #d3d8de; --field: #79828d; --accept: #8fb8de; --abstain: #b9bec6;
      --hold: #e5a11a; --reject: #a3201d; --on-reject: #fff; --notice: #fff4d6; --peers: #8fb8de;
      --act: #1b5e9e; --on-act: #fff; --link: #14508a; --focus: #b34700; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --ground: #14171a; --panel: #1d2126; --ink: #e8eaed; --soft: #adb4bd;
        --line: #3a414a; --field: #8b949e; --accept: #3f74a8; --abstain: #757d87; --hold: #d9971a;
        --reject: #ff8078; --on-reject: #14171a; --notice: #3a3013; --peers: #3f74a8;
        --act: #8cc2f2; --on-act: #10161c; --link: #8cc2f2; --focus: #ffb454; }
    }
    .accept { --mark: var(--accept); }
    .abstain { --mark: var(--abstain); }
    .hold { --mark: var(--hold); }
    .reject { --mark: var(--reject); }
    """

  private static let page = """
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink);
      font: .95rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    main { max-width: 84rem; margin: 0 auto; padding: 1rem 1.25rem 4rem; }
    main:focus { outline: none; }
    h1 { margin: .5rem 0; font-size: 1.45rem; line-height: 1.25; overflow-wrap: anywhere; }
    h2 { margin: 1.8rem 0 .6rem; font-size: 1.1rem; border-bottom: 1px solid var(--line); }
    h3 { margin: 1rem 0 .4rem; font-size: 1rem; }
    p { max-width: 48rem; margin: .5rem 0; }
    a { color: var(--link); text-underline-offset: .15em; }
    :focus-visible, input:focus-within { outline: 3px solid var(--focus); outline-offset: 2px; }
    code, pre { font: .86em/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      overflow-wrap: anywhere; }
    pre { margin: .5rem 0; padding: .7rem; background: var(--panel); white-space: pre-wrap; }
    .name { white-space: pre-wrap; overflow-wrap: anywhere; }
    .name b { padding: 0 .2em; border: 1px solid currentColor; border-radius: .25em;
      font: .72em/1.3 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    .soft, .none, caption { color: var(--soft); }
    .skip { position: absolute; left: -99rem; }
    .skip:focus { left: .5rem; top: .5rem; z-index: 2; padding: .5rem; background: var(--ground); }
    .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap; }
    .notice { padding: .5rem .8rem; border-left: .3rem solid var(--hold);
      background: var(--notice); max-width: none; overflow-wrap: anywhere; }
    """

  private static let top = """
    .top { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.2rem;
      padding: .5rem 1.25rem; border-bottom: 1px solid var(--line); background: var(--panel); }
    .top .home { font-weight: 650; color: inherit; text-decoration: none; }
    .top nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; flex: 1; }
    .top nav a { color: inherit; padding: .25rem 0; }
    .top nav a[aria-current] { font-weight: 650; text-decoration-thickness: .2em; }
    .top form { display: flex; gap: .6rem; align-items: center; }
    """

  private static let forms = """
    label, legend { font-size: .85rem; color: var(--soft); }
    label { display: inline-grid; grid-template-columns: minmax(0, auto); gap: .15rem;
      max-width: 100%; }
    label.line { display: inline-flex; align-items: center; gap: .4rem; }
    input, select, textarea, button, .button { font: inherit; color: var(--ink);
      background: var(--ground); border: 1px solid var(--field); border-radius: .3rem;
      padding: .3rem .55rem; min-height: 2rem; max-width: 100%; }
    input[type=checkbox] { width: 1.15rem; height: 1.15rem; min-height: 0; margin: 0; }
    textarea { width: 100%; min-height: 4.5rem; }
    button, .button { display: inline-block; cursor: pointer; background: var(--panel);
      text-decoration: none; }
    button.main { background: var(--act); color: var(--on-act); border-color: var(--act);
      font-weight: 600; }
    form.row, .row { display: flex; flex-wrap: wrap; gap: .5rem .8rem; align-items: end;
      margin: .6rem 0; }
    .row .row { margin: 0; }
    .row > a:not(.button), .row > span:not(.row) { padding: .3rem 0; }
    form.stack, form.stack label { display: grid; grid-template-columns: minmax(0, 1fr); }
    form.stack { gap: .6rem; max-width: 34rem; }
    fieldset { margin: .8rem 0; padding: .5rem .8rem .8rem; border: 1px solid var(--line);
      border-radius: .4rem; min-width: 0; }
    details { margin: .6rem 0; }
    summary { cursor: pointer; }
    """

  private static let tables = """
    .wide { overflow-x: auto; }
    table { width: 100%; border-collapse: collapse; font-size: .92rem; }
    caption { padding: 0 0 .3rem; text-align: left; }
    th, td { padding: .35rem .8rem .35rem 0; border-top: 1px solid var(--line); text-align: left;
      vertical-align: top; font-weight: inherit; }
    thead th { border-top: 0; color: var(--soft); font-size: .85rem; vertical-align: bottom; }
    tbody tr:hover { background: var(--panel); }
    tr.here { box-shadow: inset .25rem 0 0 var(--focus); }
    td p, th p { margin: .1rem 0; }
    .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .queue tbody th { min-width: 14rem; }
    .reasons td:nth-child(3) { min-width: 15rem; }
    .bundles td:nth-child(3), .bundles td:nth-child(4) { min-width: 16rem; }
    .compare th, .compare td { min-width: 9rem; }
    .bundles td:last-child a { display: block; padding: .15rem 0; }
    .trail td:nth-child(3) { min-width: 7rem; }
    .trail td:nth-child(5) { min-width: 16rem; }
    .trail td:last-child { min-width: 6rem; }
    .when, .queue td:last-child { white-space: nowrap; }
    """

  private static let cards = """
    .two { display: grid; grid-template-columns: minmax(0, 1fr) 24rem; gap: 0 2rem; }
    .side section, .card { margin: 1rem 0; padding: .6rem 1rem .9rem; border: 1px solid var(--line);
      border-radius: .5rem; background: var(--panel); }
    .side h2 { margin: .2rem 0 .5rem; border: 0; }
    .columns { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(15rem, 1fr);
      gap: 1rem; overflow-x: auto; }
    .badge { display: inline-block; padding: 0 .55rem; border: 2px solid var(--mark);
      border-radius: 1rem; font-size: .85rem; white-space: nowrap; print-color-adjust: exact; }
    .badge.hold { background: var(--mark); color: #16191d; }
    .badge.reject { background: var(--mark); color: var(--on-reject); }
    .tag { padding: 0 .4rem; border: 1px solid var(--line); border-radius: .3rem;
      color: var(--soft); font-size: .8rem; white-space: nowrap; }
    .tag.spoof { border-color: var(--reject); color: var(--reject); }
    .log { list-style: none; padding: 0; }
    .log li { padding: .4rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
    .views { display: flex; flex-wrap: wrap; gap: .3rem .8rem; padding: 0; list-style: none; }
    .views form { display: inline; }
    .views button { min-height: 1.5rem; padding: 0 .4rem; }
    """

  private static let measures = """
    .measures { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: .6rem 0; }
    .measures dt { color: var(--soft); font-size: .85rem; }
    .measures dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
    .facts { margin: .6rem 0; }
    .facts div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: .75rem;
      padding: .25rem 0; border-top: 1px solid var(--line); }
    .facts dt { color: var(--soft); }
    .facts dd { margin: 0; overflow-wrap: anywhere; }
    """

  private static let drawings = """
    figure { margin: .5rem 0; }
    figcaption { color: var(--soft); font-size: .85rem; }
    svg { display: block; }
    svg .accept { fill: var(--accept); }
    svg .abstain { fill: var(--abstain); }
    svg .hold { fill: var(--hold); }
    svg .reject, svg .outside { fill: var(--reject); }
    svg .track { fill: var(--line); }
    svg .part, svg .inside, svg .node { fill: var(--ink); }
    svg .self { fill: var(--focus); }
    svg .peers { fill: var(--peers); }
    svg .axis { stroke: var(--soft); }
    svg .tie { stroke: var(--soft); stroke-width: 1.2; }
    svg .strong { stroke: var(--reject); stroke-width: 1.6; }
    svg .label { fill: var(--ink); font-size: 12px; paint-order: stroke; stroke: var(--ground);
      stroke-width: 3px; stroke-linejoin: round; }
    svg .stated { stroke: var(--focus); stroke-dasharray: 4 3; }
    .strip { width: 100%; max-width: 15rem; }
    .bar { width: 5rem; height: .5rem; margin-top: .3rem; }
    .history, .estimate { width: 100%; max-width: 46rem; }
    .cluster { width: 100%; min-width: 38rem; max-width: 52rem; }
    polyline { fill: none; }
    svg .own { stroke: var(--ink); stroke-width: 1.6; }
    svg .range { stroke: var(--ink); stroke-width: 1; opacity: .35; }
    svg .middle { stroke: var(--link); stroke-width: 1.2; stroke-dasharray: 4 3; }
    svg .unused { stroke: var(--soft); stroke-dasharray: 2 4; }
    .multiple { width: 100%; }
    .multiples { display: grid; gap: .6rem 1.5rem;
      grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
    .multiples figure { min-width: 0; }
    """

  private static let narrow = """
    @media screen and (max-width: 60rem) {
      .two { grid-template-columns: minmax(0, 1fr); }
      .facts div { grid-template-columns: minmax(0, 1fr); gap: 0; }
    }
    @media screen and (max-width: 30rem) {
      th, td { padding-right: .5rem; }
      .queue tbody th { min-width: 11rem; }
      .reasons td:nth-child(3) { min-width: 9rem; }
    }
    """

  private static let paper = """
    @media print {
      @page { margin: 14mm; }
      :root { font-size: 8.5pt; }
      main { max-width: none; padding: 0; }
      .top, .skip, form:not(.picks), .noprint, .pick { display: none; }
      .two { display: block; }
      details::details-content { content-visibility: visible; height: auto; }
      summary { list-style: none; font-weight: 600; }
      summary::-webkit-details-marker { display: none; }
      h2, h3, caption, thead { break-after: avoid; }
      tr, figure, .card { break-inside: avoid; }
      .wide { overflow: visible; }
      a { color: inherit; text-decoration: none; }
    }
    """
}
