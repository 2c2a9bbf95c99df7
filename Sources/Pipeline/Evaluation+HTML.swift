import Detection
import Foundation
import Reports

extension Evaluation {
  /// The score card as a page.
  public var html: String {
    TablePage(
      kind: "Assay score card", title: "\(profile), epoch \(epoch)",
      paragraphs: [
        "\(nodes) labelled nodes; \(unlabelled) verdicts without a label, \(absent) labels without "
          + "a verdict.",
        "In brackets: 95 % intervals (Wilson's for shares, DeLong's for the area under the ROC "
          + "curve, Boyd's for average precision). Flagged: rejected or held.",
      ],
      sections: [
        ("All nodes", overview), ("Honest nodes", honestTable), ("Spoofed nodes", attackTable),
        ("Honest and rejected", wrongTable),
      ]
    ).html()
  }

  private var overview: Table {
    Table(
      caption: "Quality over all labelled nodes",
      columns: [Column("measure"), Column("value", isNumber: true)],
      rows: [
        ["AUROC", Self.interval(auroc)], ["Average precision", Self.interval(averagePrecision)],
        ["Honest among rejected", Self.percent(falseDiscoveryRate)],
        ["Spoofed among flagged", Self.percent(flaggedPrecision)],
      ])
  }

  private var honestTable: Table {
    Table(
      caption: "What became of honest nodes",
      columns: [
        Column("kind"), Column("nodes", isNumber: true), Column("rejected", isNumber: true),
        Column("held", isNumber: true), Column("abstained", isNumber: true),
      ],
      rows: honest.map {
        [
          Markup.text($0.kind), Figures.grouped($0.nodes), Self.percent($0.rejected),
          Self.percent($0.held), Figures.grouped($0.abstained),
        ]
      })
  }

  private var attackTable: Table {
    Table(
      caption: "What became of spoofed nodes, by attack and strength",
      columns: [
        Column("attack"), Column("strength"), Column("nodes", isNumber: true),
        Column("rejected", isNumber: true), Column("flagged", isNumber: true),
        Column("abstained", isNumber: true), Column("AUROC", isNumber: true),
      ],
      rows: attacks.map {
        [
          Markup.text($0.attack), Markup.text($0.strength), Figures.grouped($0.nodes),
          Self.percent($0.rejected), Self.percent($0.flagged), Figures.grouped($0.abstained),
          Self.interval($0.auroc),
        ]
      })
  }

  private var wrongTable: Table {
    Table(
      caption: "Honest nodes that were rejected", columns: [Column("node")],
      rows: wronglyRejected.map { [Markup.name($0)] })
  }

  private static func interval(_ estimate: Estimate) -> String {
    guard !estimate.value.isNaN else { return "none" }
    return String(
      format: "%.4f (%.4f to %.4f)", estimate.value, estimate.low, estimate.high)
  }

  private static func percent(_ estimate: Estimate) -> String {
    guard !estimate.value.isNaN else { return "none" }
    return String(
      format: "%.2f %% (%.2f to %.2f)", estimate.value * 100, estimate.low * 100,
      estimate.high * 100)
  }
}
