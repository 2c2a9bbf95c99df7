extension RunReport {
  /// The flagged nodes, a card each, in the order given.
  var flaggedSection: String {
    let cards = flagged.enumerated().map {
      NodeCard(number: $0.offset + 1, node: $0.element).markup
    }
    let content = flagged.isEmpty ? #"<p class="none">None.</p>"# : cards.joined(separator: "\n")
    return """
      <section id="flagged" aria-labelledby="flagged-title">
      <h2 id="flagged-title">Flagged nodes</h2>
      \(flaggedExtent)
      \(content)
      </section>
      """
  }

  private var flaggedExtent: String {
    guard flaggedTotal > flagged.count else { return "" }
    return """
      <p>The worst \(Figures.grouped(flagged.count)) of \(Figures.grouped(flaggedTotal)); the verdict \
      files of this bundle hold the others.</p>
      """
  }
}

/// One flagged node: verdict, numbers and reasons.
private struct NodeCard {
  let number: Int
  let node: FlaggedNode

  static let reasonLimit = 16

  var markup: String {
    """
    <article aria-labelledby="node-\(number)">
    <h3 id="node-\(number)"><span class="rank">\(number).</span> \(Markup.name(node.node))
    <span class="badge \(node.verdict.rawValue)">\(node.verdict.rawValue)</span></h3>
    <dl class="measures">\(measures)</dl>
    \(node.reasons.isEmpty ? #"<p class="none">No reason was recorded.</p>"# : reasonTable)
    </article>
    """
  }

  private var measures: String {
    let items = [
      ("raw", Figures.micro(node.rawMicro)),
      ("p", Markup.text(Figures.probability(ppb: node.pPpb))),
      ("q", Markup.text(Figures.probability(ppb: node.qPpb))),
      ("at stake", "\(Figures.micro(node.unitsMicro)) \(Markup.text(node.unitName))"),
      ("records", Figures.grouped(node.records)),
      ("group", Markup.name(node.group)),
    ]
    return items.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" }.joined()
  }

  private var reasonTable: String {
    let rows = node.reasons.prefix(Self.reasonLimit).map { ReasonRow(reason: $0).markup }
    return """
      <table class="reasons">
      <thead><tr><th scope="col">Reason</th><th scope="col">Share</th>\
      <th scope="col">Against its peers</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>\(omitted)
      """
  }

  private var omitted: String {
    let left = node.reasons.count - Self.reasonLimit
    guard left > 0 else { return "" }
    return "\n<p>\(left) more with smaller shares are in the verdict files of this bundle.</p>"
  }
}

/// One reason: what it says, how much of the score it explains, and the node's value.
private struct ReasonRow {
  let reason: ReasonLine

  static let peerLimit = 12

  var markup: String {
    """
    <tr><th scope="row"><code>\(Markup.text(reason.code))</code> \
    <span class="tag \(reason.kind.rawValue)">\(reason.kind.rawValue)</span>\
    <p>\(Markup.text(reason.text))</p>\(peers)</th>\
    <td class="share">\(Markup.text(Figures.percent(ppm: reason.sharePpm)))\(shareBar)</td>\
    <td class="value">\(label)\(strip)\(values)</td></tr>
    """
  }

  /// The cell says the share in words, so the bar is hidden from those who listen.
  private var shareBar: String {
    let part = min(Int(reason.sharePpm), 1_000_000) * 6 / 1_000
    return #"<svg class="bar" aria-hidden="true" viewBox="0 0 60 6">"#
      + #"<rect class="track" width="60" height="6"/>"#
      + #"<rect class="part" width="\#(SVGImage.length(part))" height="6"/></svg>"#
  }

  private var strip: String {
    guard let observed = reason.observedMicro, let low = reason.lowMicro,
      let high = reason.highMicro
    else { return "" }
    return IntervalStrip(observed: observed, low: low, high: high).markup
  }

  private var label: String {
    guard let feature = reason.feature else { return "" }
    return "<code>\(Markup.text(feature))</code>"
  }

  private var values: String {
    let node = reason.observedMicro.map { "node <b>\(Figures.micro($0))</b>\(unit)" }
    let parts = [node, interval].compactMap { $0 }
    return parts.isEmpty ? "" : "<p>\(parts.joined(separator: ", "))</p>"
  }

  private var interval: String? {
    switch (reason.lowMicro, reason.highMicro) {
    case (let low?, let high?):
      "peers \(Figures.micro(min(low, high))) to \(Figures.micro(max(low, high)))\(unit)"
    case (let low?, nil): "peers from \(Figures.micro(low))\(unit)"
    case (nil, let high?): "peers up to \(Figures.micro(high))\(unit)"
    case (nil, nil): nil
    }
  }

  private var unit: String { reason.unit.isEmpty ? "" : " " + Markup.text(reason.unit) }

  private var peers: String {
    guard !reason.peers.isEmpty else { return "" }
    let names = reason.peers.prefix(Self.peerLimit).map(Markup.name).joined(separator: ", ")
    let left = reason.peers.count - Self.peerLimit
    return #"<p class="with">with \#(names)\#(left > 0 ? " and \(left) more" : "")</p>"#
  }
}
