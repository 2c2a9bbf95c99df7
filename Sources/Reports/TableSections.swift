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
