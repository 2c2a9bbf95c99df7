import Bundles
import Foundation
import Ingestion
import Pipeline
import Profiles
import Testing
import Verdicts

@testable import Review

/// SplitMix64.
private struct Noise: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A real night: logs, the run's bundle in the store, and packets that owners make of them.
private struct RealNight {
  let desk: Desk
  let log: String
  let path: String
  let epoch: UInt64 = 19_676

  /// Forty honest gateways, and one whose signal never changes.
  init() async throws {
    desk = try await Desk()
    var random = Noise(state: 1)
    var lines: [String] = []
    for number in 0..<41 {
      let node = number == 40 ? "fixed" : "gw\(1000 + number)"
      let day = 19_676 * 86_400_000
      let place = #""node":"\#(node)","kind":"claim","region":"EU868","lat":48.85,"lon":2.35}"#
      lines.append(#"{"ts":\#(day),"# + place)
      for index in 0..<24 {
        let strength = number == 40 ? -97 : Int.random(in: -115 ... -85, using: &random)
        let noise = number == 40 ? -14 : (strength + 108) / 2
        let time = day + index * 3_500_000 + Int.random(in: 0..<100_000, using: &random)
        lines.append(
          #"{"ts":\#(time),"node":"\#(node)","kind":"packet","device":"d\#(index % 6)","#
            + #""payload_hash":"\#(node)-\#(index)","rssi_dbm":\#(strength),"snr_db":\#(noise),"#
            + #""datarate":"SF7BW125","size_bytes":20,"hold_ms":\#(200 + index % 9)}"#)
      }
    }
    log = "\(desk.folder.path)/log.ndjson"
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: log))
    let settings = RunSettings(
      profile: .wireless, logs: try LogFile.find([log]), selection: .single, model: nil,
      policy: .standard, memoryLimit: 64_000_000, tasks: 1)
    path = try BundleWriter(try await Run(settings).contents(), keys: [])
      .write(below: "\(desk.folder.path)/out")
    _ = try await desk.store.importBundle(path: path, by: desk.lead, now: noon)
  }

  func packet(_ node: String, of bundle: String? = nil) async throws -> [UInt8] {
    try await AppealPacket(
      node: node, bundle: BundleReader(path: bundle ?? path), profile: .wireless,
      logs: try LogFile.find([log]), memoryLimit: 64_000_000, tasks: 1
    ).json.bytes
  }

  func receive(_ packet: [UInt8], _ statement: String = "I object.") async throws -> Appeal {
    try await desk.store.receiveAppeal(
      packet: packet, statement: statement, by: desk.ada, now: noon)
  }
}

struct AppealTests {
  @Test func anAppealOnAVerdictThatWasNotFlaggedBecomesAnItem() async throws {
    let night = try await RealNight()
    let store = night.desk.store
    let flagged = Set(try await store.queue(limit: 100, now: noon).map(\.node))
    let node = try #require((1000..<1040).map { "gw\($0)" }.first { !flagged.contains($0) })
    let packet = try await night.packet(node)
    let appeal = try await night.receive(packet, "Paid, but the <b>units</b> are wrong.")
    #expect(appeal.node == node)
    #expect(appeal.status == .open)
    #expect(appeal.records == 25)
    #expect(try await store.appealPacket(appeal.id) == packet)
    let rows = try await store.queue(QueueFilter(appealsOnly: true), limit: 10, now: noon)
    #expect(rows.map(\.node) == [node])
    #expect(rows.first?.hasAppeal == true)
    let item = try await store.item(appeal.itemID, now: noon)
    #expect(item.row.verdict == .accept)
    #expect(item.appeals == [appeal])
    let twice = await refusal { try await night.receive(packet) }
    #expect(twice == .alreadyImported)
    _ = try await store.verifyAudit()
  }

  @Test func aPacketThatWasChangedOrIsOfAnotherBundleIsRefused() async throws {
    let night = try await RealNight()
    let packet = try await night.packet("fixed")
    let text = String(decoding: packet, as: UTF8.self)
    let other = try await Desk()
    let unknown = await refusal {
      try await other.store.receiveAppeal(packet: packet, statement: "", by: other.ada, now: noon)
    }
    guard case .appealRefused = unknown else {
      Issue.record("taken: \(String(describing: unknown))")
      return
    }
    for changed in [
      "", "{}", "[1]", text.replacingOccurrences(of: "rssi_dbm\\\":-97", with: "rssi_dbm\\\":-98"),
      text.replacingOccurrences(of: "gw", with: "xx"), String(text.dropLast()),
      text.replacingOccurrences(of: "fixed", with: "gw1000"),
    ] where changed != text {
      let no = await refusal { try await night.receive(Array(changed.utf8)) }
      guard case .appealRefused(let failures) = no else {
        Issue.record("taken: \(String(describing: no))")
        continue
      }
      #expect(!failures.isEmpty)
    }
    #expect(try await night.desk.store.appeals(openOnly: false, limit: 10).isEmpty)
  }

  @Test func overturningTakesADecisionInForceAndTheAnswerSaysIt() async throws {
    let night = try await RealNight()
    let desk = night.desk
    let row = try await desk.row("fixed")
    try #require(row.verdict == .reject)
    let appeal = try await night.receive(try await night.packet("fixed"))
    func answer(_ upheld: Bool) async throws -> Appeal {
      try await desk.store.answerAppeal(
        appeal.id, upheld: upheld, reason: "The antenna was in a test rig.", by: desk.lead,
        now: noon.later(hours: 1))
    }
    #expect(await refusal { try await answer(false) }?.isBadInput == true)
    let decision = try await desk.decide("fixed", .falsePositive, .accept, by: desk.ada)
    #expect(await refusal { try await answer(false) }?.isBadInput == true)
    #expect(await refusal { try await answer(true) }?.isBadInput == true)
    _ = try await desk.store.approve(decision: decision.id, comment: "", by: desk.bo, now: noon)
    #expect(await refusal { try await answer(true) }?.isBadInput == true)
    let unanswered = await refusal { try await desk.store.appealAnswer(appeal.id) }
    #expect(unanswered?.isBadInput == true)
    #expect(try await answer(false).status == .overturned)
    // What the owner was told is not taken back in silence.
    let told = await refusal {
      try await desk.store.withdraw(decision: decision.id, by: desk.ada, now: noon)
    }
    #expect(told?.isBadInput == true)
    #expect(await refusal { try await answer(false) }?.isBadInput == true)
    #expect(try await desk.row("fixed").hasAppeal == false)
    let lines = try await desk.store.decisionsForCorrection(
      profile: "wireless", epoch: night.epoch)
    let decisions = try ReviewDecision.list(ndjson: lines)
    #expect(decisions.map(\.reference) == ["appeal:\(appeal.id)"])
    let corrected = try CorrectedBundle(BundleReader(path: night.path), decisions: decisions)
    let next = try corrected.write(below: "\(desk.folder.path)/out", report: [], keys: [])
    let report = try await desk.store.importBundle(path: next, by: desk.lead, now: noon)
    #expect(report.exported == 1)
    let json = try JSONSerialization.jsonObject(
      with: Data(try await desk.store.appealAnswer(appeal.id)))
    let object = try #require(json as? [String: Any])
    #expect(object["outcome"] as? String == "overturned")
    #expect(object["new_verdict"] as? String == "accept")
    #expect(object["revision"] as? Int == 1)
    // What was appealed is no more; an appeal is against the verdict that holds.
    let old = await refusal { try await night.receive(try await night.packet("fixed")) }
    guard case .appealRefused = old else {
      Issue.record("taken: \(String(describing: old))")
      return
    }
    #expect(try await night.receive(try await night.packet("fixed", of: next)).status == .open)
    #expect(try await desk.row("fixed").state == .open)
    _ = try await desk.store.verifyAudit()
  }

  @Test func aRejectWithMuchAtStakeDoesNotStandByOnePerson() async throws {
    let night = try await RealNight()
    let desk = night.desk
    var settings = try await desk.store.settings()
    settings.stakeLimitMicro = 1
    try await desk.store.change(settings, by: desk.admin, now: noon)
    let appeal = try await night.receive(try await night.packet("fixed"))
    func stands() async -> ReviewError? {
      await refusal {
        try await desk.store.answerAppeal(
          appeal.id, upheld: true, reason: "It never moves.", by: desk.lead, now: noon)
      }
    }
    #expect(await stands()?.isBadInput == true)
    let decision = try await desk.decide("fixed", .confirmedSpoof, .reject, by: desk.lead)
    _ = try await desk.store.approve(decision: decision.id, comment: "", by: desk.bo, now: noon)
    #expect(await stands() == nil)
  }

  @Test func aVerdictThatStandsClosesTheItem() async throws {
    let night = try await RealNight()
    let desk = night.desk
    let appeal = try await night.receive(try await night.packet("fixed"))
    _ = try await desk.store.take(appeal.itemID, by: desk.bo, now: noon)
    let held = await refusal {
      try await desk.store.answerAppeal(
        appeal.id, upheld: true, reason: "It never moves.", by: desk.lead, now: noon)
    }
    #expect(held == .takenBy(desk.bo, until: noon.later(minutes: 30)))
    let silent = await refusal {
      try await desk.store.answerAppeal(
        appeal.id, upheld: true, reason: "", by: desk.lead, now: noon)
    }
    #expect(silent == .needsComment)
    let answered = try await desk.store.answerAppeal(
      appeal.id, upheld: true, reason: "It never moves.", by: desk.lead, now: noon.later(hours: 1))
    #expect(answered.status == .upheld)
    #expect(answered.answer?.by == desk.lead)
    #expect(try await desk.row("fixed").state == .decided)
    #expect(try await desk.store.appeals(openOnly: true, limit: 10).isEmpty)
    #expect(try await desk.store.appeals(openOnly: false, limit: 10) == [answered])
  }
}
