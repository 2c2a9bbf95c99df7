extension RunReport {
  /// The report as one HTML page in UTF-8 that needs nothing but itself.
  ///
  /// No script, no link out, no image, nothing loaded: the page states so in its content security
  /// policy. It is well-formed XML too (without a namespace), so strict tools can read it. The same
  /// report gives the same bytes on every machine. Lists that the caller cannot bound are cut, and
  /// say so: 16 reasons a node, 12 peers a reason.
  public func html() -> String {
    let sections = [
      verdictSection, DistributionSection(scores).markup, flaggedSection, featureSection,
      quarantineSection,
    ]
    return """
      <!DOCTYPE html>
      <html lang="en">
      \(PageHead.markup(title: title))
      <body>
      \(header)
      <main>
      \(sections.filter { !$0.isEmpty }.joined(separator: "\n"))
      </main>
      \(footer)
      </body>
      </html>

      """
  }

  private var header: String {
    """
    <header class="page">
    <p class="kind">Assay run report</p>
    <h1>\(Markup.text(title))</h1>
    \(noticeList)
    <nav aria-label="Sections">
    <a href="#verdicts">Verdicts</a>
    <a href="#scores">Scores</a>
    <a href="#flagged">Flagged nodes</a>
    <a href="#features">Features</a>
    <a href="#quarantine">Quarantine</a>
    </nav>
    </header>
    """
  }

  private var noticeList: String {
    guard !notices.isEmpty else { return "" }
    let items = notices.map { "<li>\(Markup.text($0))</li>" }
    return """
      <ul class="notices" aria-label="Notices">
      \(items.joined(separator: "\n"))
      </ul>
      """
  }

  private var footer: String {
    """
    <footer>
    <p>Numbers on this page are rounded to four significant digits; the verdict files of this
    bundle hold them exactly. The statement of the bundle covers this page by its SHA-256.</p>
    </footer>
    """
  }

  // MARK: Verdicts and facts

  private var verdictSection: String {
    """
    <section id="verdicts" aria-labelledby="verdicts-title">
    <h2 id="verdicts-title">Verdicts</h2>
    \(StackedBars.verdictBar(counts))
    <dl class="counts">
    \(ReportVerdict.allCases.map(countItem).joined(separator: "\n"))
    </dl>
    <p><b>p</b> is how often an honest node of the same peer group would look at least as strange as
    this one, judged by honest nodes held out of the model; it is small for a node that stands
    out.</p>
    <p><b>q</b> is a false-discovery rate: of all nodes with this q or a smaller one, at most this
    share is expected to be honest, so a limit on q is a limit on wrong accusations.</p>
    \(factList)
    </section>
    """
  }

  private func countItem(_ verdict: ReportVerdict) -> String {
    let share = Figures.percent(ppm: Figures.share(counts[verdict], of: counts.total))
    return """
      <div class="\(verdict.rawValue)"><dt>\(verdict.rawValue)</dt>\
      <dd><b>\(Figures.grouped(counts[verdict]))</b> <span>\(Markup.text(share))</span></dd>\
      <dd class="meaning">\(verdict.meaning)</dd></div>
      """
  }

  private var factList: String {
    guard !facts.isEmpty else { return "" }
    let items = facts.map {
      "<div><dt>\(Markup.text($0.label))</dt><dd>\(Markup.text($0.value))</dd></div>"
    }
    return """
      <dl class="facts">
      \(items.joined(separator: "\n"))
      </dl>
      """
  }
}

extension ReportVerdict {
  /// What follows from the verdict, in a few words.
  var meaning: String {
    switch self {
    case .accept: "pays in full"
    case .abstain: "too little evidence to judge"
    case .hold: "waits for a reviewer"
    case .reject: "pays nothing"
    }
  }
}
