/// The score distribution: the drawing, how to read it, and its numbers as a table.
struct DistributionSection {
  private let histogram: ScoreHistogram

  init(_ scores: [ScorePoint]) {
    histogram = ScoreHistogram(scores)
  }

  var markup: String {
    """
    <section id="scores" aria-labelledby="scores-title">
    <h2 id="scores-title">Scores</h2>
    \(histogram.bins.isEmpty ? #"<p class="none">No node was scored.</p>"# : chart)
    </section>
    """
  }

  private var chart: String {
    """
    <figure>
    <div class="wide" role="region" aria-label="Score chart" tabindex="0">
    \(HistogramChart(histogram).markup)
    </div>
    <figcaption>\(legend)
    <p>Nodes by raw score; the higher, the stranger. Heights are logarithmic, so that few nodes
    show beside many; colours divide each bar by verdict. The score axis is logarithmic from
    \(Figures.micro(histogram.unit)) on and even below.</p></figcaption>
    </figure>
    <details>
    <summary>The numbers of this chart</summary>
    <div class="wide" role="region" aria-label="Numbers of the score chart" tabindex="0">
    \(table)
    </div>
    </details>
    """
  }

  private var legend: String {
    let items = ReportVerdict.allCases.map {
      #"<li class="\#($0.rawValue)">\#($0.rawValue)</li>"#
    }
    return #"<ul class="legend">\#(items.joined())</ul>"#
  }

  private var table: String {
    let verdicts = ReportVerdict.allCases
    let heads = verdicts.map { #"<th scope="col" class="n">\#($0.rawValue)</th>"# }
    let rows = histogram.bins.filter { $0.counts.total > 0 }.map { bin in
      let cells = verdicts.map { #"<td class="n">\#(Figures.grouped(bin.counts[$0]))</td>"# }
      return #"<tr><th scope="row" class="n">\#(Figures.micro(bin.low))</th>"#
        + #"<td class="n">\#(Figures.micro(bin.high))</td>\#(cells.joined())</tr>"#
    }
    return """
      <table>
      <caption>Nodes by raw score, from (included) and below; scores without nodes left out</caption>
      <thead><tr><th scope="col" class="n">from</th><th scope="col" class="n">below</th>\
      \(heads.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      """
  }
}
