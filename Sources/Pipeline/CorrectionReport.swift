import Bundles
import Contributions
import Reports

extension CorrectedBundle {
  /// The page for people: what was decided, by whom, and why.
  public var report: [UInt8] {
    let page = TablePage(
      kind: "Assay corrections", title: "\(profile), epoch \(epoch), revision \(revision)",
      paragraphs: [
        "\(corrections.count) verdicts of revision \(revision - 1) are superseded; every other "
          + "verdict stands as it was. The measurements are those of the run."
      ],
      sections: [("Decisions", table)])
    return Array(page.html().utf8)
  }

  private var table: Table {
    Table(
      caption: "Verdicts that reviewers replaced",
      columns: [
        Column("node"), Column("from"), Column("to"), Column("finding"), Column("why"),
        Column("decided by"), Column("approved by"), Column("reference"),
      ],
      rows: corrections.map { correction in
        let decision = correction.decision
        return [
          decision.node, correction.from.rawValue, decision.verdict.rawValue,
          decision.finding.rawValue.replacing("_", with: " "), decision.comment,
          decision.decidedBy, decision.approvedBy ?? "", decision.reference ?? "",
        ].map(Markup.text)
      })
  }
}
