extension RunReport {
  /// What the epoch's nodes show in each feature.
  var featureSection: String {
    let rows = features.map { feature in
      let numbers = [feature.lowMicro, feature.medianMicro, feature.highMicro].map(Figures.micro)
      return [
        "<code>\(Markup.text(feature.name))</code><p>\(Markup.text(feature.text))</p>",
        Markup.text(feature.unit),
      ] + numbers + [Figures.grouped(feature.measured)]
    }
    let table = Table(
      caption: "What peers show in each feature, and nodes measured",
      columns: [
        Column("feature"), Column("unit"), Column("low", isNumber: true),
        Column("median", isNumber: true), Column("high", isNumber: true),
        Column("measured", isNumber: true),
      ], rows: rows)
    return section("features", "Features", table)
  }

  /// The records not used, by reason.
  var quarantineSection: String {
    let rows = quarantine.map { [Markup.text($0.reason), Figures.grouped($0.count)] }
    let table = Table(
      caption: "Records not used, by reason",
      columns: [Column("reason"), Column("records", isNumber: true)], rows: rows)
    return section("quarantine", "Quarantine", table)
  }

  private func section(_ id: String, _ title: String, _ table: Table) -> String {
    """
    <section id="\(id)" aria-labelledby="\(id)-title">
    <h2 id="\(id)-title">\(title)</h2>
    \(table.markup)
    </section>
    """
  }
}

/// A column of a ``Table``.
private struct Column {
  let title: String
  let isNumber: Bool

  init(_ title: String, isNumber: Bool = false) {
    self.title = title
    self.isNumber = isNumber
  }

  var style: String { isNumber ? #" class="n""# : "" }
}

/// A table of markup whose first column names the rows.
private struct Table {
  let caption: String
  let columns: [Column]
  let rows: [[String]]

  var markup: String {
    guard !rows.isEmpty else { return #"<p class="none">None.</p>"# }
    let heads = columns.map { #"<th scope="col"\#($0.style)>\#($0.title)</th>"# }
    return """
      <div class="wide" role="region" aria-label="\(caption)" tabindex="0">
      <table>
      <caption>\(caption)</caption>
      <thead><tr>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.map(row).joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      """
  }

  private func row(_ cells: [String]) -> String {
    let rest = zip(columns, cells).dropFirst().map { "<td\($0.style)>\($1)</td>" }
    return #"<tr><th scope="row">\#(cells.first ?? "")</th>\#(rest.joined())</tr>"#
  }
}
