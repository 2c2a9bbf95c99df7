import Bundles
import Pipeline
import Reports
import Review
import Verdicts

/// A reason of a verdict: what it says, its share of the score, the node's value beside its peers'.
struct ReasonView {
  struct Peer {
    let nameMarkup: String
    let href: String?
  }

  static let peerLimit = 24

  let code: String
  let kind: String
  let text: String
  let share: String
  let shareMarkup: String
  let feature: String?
  let value: String?
  let peersRange: String?
  let stripMarkup: String?
  let peers: [Peer]
  let hasPeers: Bool
  let morePeers: String?

  init(_ reason: Reason, table: [String: BundleReader.ReasonEntry], related: [RelatedNode]) {
    code = reason.code
    kind = reason.reasonClass
    text = table[reason.code]?.text ?? ""
    share = Figures.percent(ppm: UInt32(clamping: reason.sharePpm))
    shareMarkup = ShareBar.markup(ppm: reason.sharePpm)
    feature = reason.feature
    let unit = reason.unit.map { $0.isEmpty ? "" : " " + $0 } ?? ""
    value = reason.observedMicro.map { Figures.micro($0) + unit }
    peersRange = Self.range(reason.lowMicro, reason.highMicro, unit: unit)
    if let observed = reason.observedMicro, let low = reason.lowMicro, let high = reason.highMicro {
      stripMarkup = IntervalStrip(observed: observed, low: low, high: high).markup
    } else {
      stripMarkup = nil
    }
    let items = Dictionary(
      related.filter { $0.code == reason.code }.map { ($0.node, $0.itemID) },
      uniquingKeysWith: { first, _ in first })
    peers = reason.peers.prefix(Self.peerLimit).map { peer in
      Peer(
        nameMarkup: Markup.name(peer), href: (items[peer] ?? nil).map { "/items/\($0)" })
    }
    hasPeers = !peers.isEmpty
    let left = reason.peers.count - Self.peerLimit
    morePeers = left > 0 ? "\(left) more" : nil
  }

  static func range(_ low: Int64?, _ high: Int64?, unit: String) -> String? {
    switch (low, high) {
    case (let low?, let high?):
      "\(Figures.micro(min(low, high))) to \(Figures.micro(max(low, high)))\(unit)"
    case (let low?, nil): "from \(Figures.micro(low))\(unit)"
    case (nil, let high?): "up to \(Figures.micro(high))\(unit)"
    case (nil, nil): nil
    }
  }
}

/// What a verdict rests on, and what would have passed.
struct GroundView {
  let code: String
  let words: String

  init(_ ground: VerdictGrounds.Ground) {
    code = ground.code
    let unit = ground.unit.map { $0.isEmpty ? "" : " " + $0 } ?? ""
    var words = ""
    if let feature = ground.feature { words += feature + " " }
    if let observed = ground.observedMicro { words += "is \(Figures.micro(observed))\(unit)" }
    if let passes = ground.passesAtMicro {
      words += "; \(Figures.micro(passes))\(unit) would have passed"
    }
    if words.isEmpty { words = "has no limit in numbers" }
    self.words = words + (ground.brings == .accept ? "" : " — brings \(ground.brings.rawValue)")
  }
}

/// What p, q and the verdict say, in sentences.
enum VerdictWords {
  static func statement(_ verdict: Verdict, policy: Policy) -> String {
    let share = percent(verdict.qPpb)
    return "Of all nodes of this epoch with this q or a smaller one, at most \(share) are expected "
      + "to be honest. The policy rejects up to \(percent(policy.rejectQPpb)) and holds up to "
      + "\(percent(policy.holdQPpb))."
  }

  static func p(_ verdict: Verdict) -> String {
    "An honest node of the same peer group looks at least as strange as this one with "
      + "probability \(probability(verdict.pPpb))."
  }

  static func probability(_ ppb: Int64) -> String {
    Figures.probability(ppb: UInt32(clamping: ppb))
  }

  static func percent(_ ppb: Int64) -> String {
    if ppb > 0, ppb < 1_000_000 { return Figures.decimal(ppb, places: 7) + " %" }
    return Figures.percent(ppm: UInt32(clamping: ppb / 1000))
  }

  static func outcome(_ outcome: Outcome) -> String {
    switch outcome {
    case .accept: "pays in full"
    case .hold: "waits for a reviewer"
    case .reject: "pays nothing"
    case .abstain: "had too little evidence to judge"
    }
  }
}
