/// The page's style: one column, system fonts, light or dark as the reader's system is, paper.
///
/// Verdict colours differ in lightness as well as hue, for readers who see few colours and for grey
/// printers, and every coloured mark has its word beside it. The text holds neither `&` nor `<`, so
/// that the page stays well-formed XML.
enum StyleSheet {
  static let text = [light, dark, page, lists, tables, cards, drawings, narrow, paper]
    .joined(separator: "\n")

  private static let light = """
    :root { color-scheme: light dark; --ground: #fff; --panel: #f6f7f9; --ink: #16191d;
      --soft: #59616b; --line: #d9dde3; --accept: #8fb8de; --abstain: #b9bec6; --hold: #e5a11a;
      --reject: #a3201d; --on-reject: #fff; --notice: #fff4d6; --peers: #8fb8de; }
    """

  private static let dark = """
    @media screen and (prefers-color-scheme: dark) {
      :root { --ground: #14171a; --panel: #1d2126; --ink: #e8eaed; --soft: #a3abb5;
        --line: #363c44; --accept: #3f74a8; --abstain: #757d87; --hold: #d9971a;
        --reject: #ff8078; --on-reject: #14171a; --notice: #3a3013; --peers: #3f74a8; }
    }
    """

  private static let page = """
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1.25rem 3rem; background: var(--ground);
      color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
    h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
    h2 { margin: 2.5rem 0 .75rem; padding-bottom: .25rem; font-size: 1.2rem;
      border-bottom: 1px solid var(--line); }
    p { max-width: 46rem; margin: .6rem 0; }
    code { font: .86em/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
      overflow-wrap: anywhere; }
    .kind { margin: 0; color: var(--soft); font-size: .85rem; }
    .none, .meaning, footer, figcaption { color: var(--soft); }
    .name { white-space: pre-wrap; overflow-wrap: anywhere; }
    .name b { padding: 0 .2em; border: 1px solid currentColor; border-radius: .25em;
      font: .72em/1.3 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
    nav { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin-top: .9rem; font-size: .9rem; }
    nav a { color: inherit; text-underline-offset: .2em; }
    footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: .85rem; }
    """

  private static let lists = """
    dl, ul { margin: .9rem 0; padding: 0; }
    dt { color: var(--soft); font-size: .85rem; }
    dd { margin: 0; }
    .notices { list-style: none; }
    .notices li { margin: .4rem 0; padding: .5rem .8rem; border-left: .3rem solid var(--hold);
      background: var(--notice); overflow-wrap: anywhere; }
    .counts { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; }
    .counts div { padding-left: .7rem; border-left: .4rem solid var(--mark); }
    .counts b { font-size: 1.5rem; line-height: 1.3; }
    .counts span { white-space: nowrap; }
    .counts .meaning { font-size: .85rem; line-height: 1.3; }
    .facts div { display: grid; grid-template-columns: 11rem 1fr; gap: .75rem; padding: .3rem 0;
      border-top: 1px solid var(--line); }
    .facts dd { overflow-wrap: anywhere; }
    .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; }
    .legend li { padding-left: .5rem; border-left: .8rem solid var(--mark); line-height: 1.1; }
    .accept { --mark: var(--accept); }
    .abstain { --mark: var(--abstain); }
    .hold { --mark: var(--hold); }
    .reject { --mark: var(--reject); }
    """

  private static let tables = """
    .wide { overflow-x: auto; }
    table { width: 100%; border-collapse: collapse; font-size: .92rem; }
    caption { padding: 0 0 .4rem; color: var(--soft); text-align: left; }
    th, td { padding: .4rem .9rem .4rem 0; border-top: 1px solid var(--line); text-align: left;
      vertical-align: top; font-weight: inherit; }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { border-top: 0; color: var(--soft); font-size: .85rem; vertical-align: bottom; }
    th p, td p { margin: .15rem 0; }
    .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    tbody th p { color: var(--soft); min-width: 14rem; }
    details { margin: .9rem 0; }
    summary { cursor: pointer; }
    """

  private static let cards = """
    article { margin: 1rem 0; padding: .9rem 1.1rem; border: 1px solid var(--line);
      border-radius: .5rem; background: var(--panel); }
    h3 { display: flex; align-items: baseline; gap: .5rem; margin: 0; font-size: 1.02rem; }
    .rank { color: var(--soft); font-weight: 400; }
    .badge { margin-left: auto; padding: .05rem .6rem; border: 2px solid var(--mark);
      border-radius: 1rem; font-size: .85rem; print-color-adjust: exact; }
    .badge.hold, .badge.reject { background: var(--mark); color: #16191d; }
    .badge.reject { color: var(--on-reject); }
    .measures { display: flex; flex-wrap: wrap; gap: .3rem 1.8rem; margin: .5rem 0 .7rem; }
    .measures dd { overflow-wrap: anywhere; }
    .tag { margin-left: .3rem; padding: 0 .4rem; border: 1px solid var(--line); border-radius: .3rem;
      color: var(--soft); font-size: .8rem; }
    .tag.spoof { border-color: var(--reject); color: var(--reject); }
    .reasons th p { color: inherit; min-width: 0; }
    .reasons .with { color: var(--soft); font-size: .85rem; }
    .reasons .share { width: 6rem; white-space: nowrap; }
    .reasons .value { width: 15rem; }
    .reasons .value p { font-size: .85rem; line-height: 1.35; }
    """

  private static let drawings = """
    figure { margin: 0; }
    svg { display: block; }
    svg .accept { fill: var(--accept); }
    svg .abstain { fill: var(--abstain); }
    svg .hold { fill: var(--hold); }
    svg .reject, svg .outside { fill: var(--reject); }
    svg .track { fill: var(--line); }
    svg .part, svg .inside { fill: var(--ink); }
    svg .peers { fill: var(--peers); }
    svg .axis { stroke: var(--soft); }
    svg .grid { stroke: var(--line); }
    svg .label { fill: var(--soft); font-size: 13px; }
    .verdicts { width: 100%; height: 1.5rem; border-radius: .3rem; }
    .histogram { width: 100%; min-width: 34rem; }
    .bar { width: 4.5rem; height: .45rem; margin-top: .25rem; }
    .strip { width: 100%; max-width: 11rem; margin: .15rem 0; }
    """

  private static let narrow = """
    @media screen and (max-width: 40rem) {
      body { padding: 1rem .8rem 2rem; }
      .counts { grid-template-columns: 1fr 1fr; }
      .facts div { grid-template-columns: 1fr; gap: 0; }
      article { padding: .7rem .8rem; }
      .reasons, .reasons tbody { display: block; }
      .reasons thead { position: absolute; clip-path: inset(50%); }
      .reasons tr { display: grid; grid-template-columns: 6rem 1fr; padding: .4rem 0;
        border-top: 1px solid var(--line); }
      .reasons th { grid-column: 1 / -1; }
      .reasons th, .reasons td { border: 0; padding: 0 0 .2rem; }
      .reasons .share, .reasons .value { width: auto; }
    }
    """

  private static let paper = """
    @media print {
      @page { margin: 14mm; }
      :root { font-size: 8.5pt; }
      body { max-width: none; padding: 0; }
      p { max-width: none; }
      nav, details { display: none; }
      h2, h3, caption, thead, .measures { break-after: avoid; }
      h2, h3, figure, tr, .measures, .counts, .notices li, .facts div { break-inside: avoid; }
      thead { display: table-header-group; }
      .reasons tr:last-child { break-before: avoid; }
      .wide { overflow: visible; }
      .histogram { min-width: 0; }
      article { background: none; box-decoration-break: clone; }
      .notices li { print-color-adjust: exact; }
    }
    """
}
