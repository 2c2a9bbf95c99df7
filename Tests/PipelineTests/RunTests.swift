import Bundles
import Contributions
import Foundation
import Ingestion
import Pipeline
import Profiles
import Testing
import Verdicts

private func verdict(_ contents: BundleContents, _ node: String) throws -> Verdict {
  try #require(
    contents.verdicts.first { $0.node.utf8.elementsEqual(node.utf8) }, "no verdict on \(node)")
}

@Test func eachNodeGetsTheVerdictItsEvidenceCallsFor() async throws {
  let folder = try TemporaryFolder()
  let (contents, path, _) = try await bundle(of: .mixed, in: folder)
  #expect(contents.verdicts.count == 63)
  let attacker = try verdict(contents, "attacker")
  #expect(attacker.outcome == .reject)
  #expect(attacker.reasons.contains { $0.code == "W5_CONSTANT_SIGNAL" })
  let faulty = try verdict(contents, "faulty")
  #expect(faulty.outcome == .hold)
  #expect(faulty.reasons.contains { $0.code == "F_SLOW_BACKHAUL" })
  let tiny = try verdict(contents, "tiny")
  #expect(tiny.outcome == .abstain)
  #expect(tiny.reasons.contains { $0.code == "TOO_FEW_RECORDS" })
  for one in contents.verdicts where one.node.hasPrefix("gw") {
    #expect(one.outcome == .accept, "\(one.node) \(one.reasons.map(\.code))")
    // 24 packets of 20 to 43 bytes.
    #expect(one.unitsMicro == 24_000_000 + 19_000_000)
    #expect(one.group == "region:EU868")
  }
  let report = try BundleVerifier.verify(path: path)
  #expect(report.failures == [])
  #expect(report.leafCount == 63)
}

@Test func theBooksOfARunBalance() async throws {
  let folder = try TemporaryFolder()
  let (contents, path, _) = try await bundle(of: .mixed, in: folder)
  let lines = SyntheticLog.mixed.lines.count
  #expect(contents.books.read == lines && contents.books.quarantined == 2)
  #expect(contents.books.duplicate == 1 && contents.books.used == lines - 3)
  #expect(contents.quarantine.map(\.reason) == [.notAnObject, .outOfRange])
  #expect(contents.quarantine.map(\.line) == [lines - 2, lines - 1])
  let inputs = try json(BundleReader(path: path).bytes("inputs.json"))
  #expect(Set(inputs.keys) == ["counts", "files"])
  let counts = try #require(inputs["counts"] as? [String: Int])
  #expect(Set(counts.keys) == ["read", "used", "duplicate", "quarantined", "ignored_fields"])
  let file = try #require((inputs["files"] as? [[String: Any]])?.first)
  #expect(Set(file.keys) == ["name", "bytes", "records", "sha256"])
  #expect(file["name"] as? String == "log.ndjson")
}

@Test func tasksFilesAndOrderOfLinesDoNotChangeTheVerdicts() async throws {
  let folder = try TemporaryFolder()
  let log = SyntheticLog.mixed
  let one = try folder.write(log.text, to: "one.ndjson")
  let first = try await Run(settings([one])).contents()
  let alone = try await Run(settings([one], tasks: 1)).contents()
  #expect(
    try BundleWriter(alone, keys: []).files() == BundleWriter(first, keys: []).files())
  var random = Noise(state: 5)
  let shuffled = log.lines.shuffled(using: &random)
  let left = shuffled[..<700].map { "\($0)\n" }.joined()
  let right = shuffled[700...].map { "\($0)\n" }.joined()
  let parts = [
    try folder.write(left, to: "a.ndjson"), try folder.write(right, to: "b.ndjson"),
  ]
  let second = try await Run(settings(parts, tasks: 3)).contents()
  #expect(second.verdicts == first.verdicts)
  #expect(second.model == first.model)
}

@Test func nodesThatDifferOnlyInBytesStayTwo() async throws {
  let folder = try TemporaryFolder()
  let composed = "caf\u{E9}"
  let decomposed = "cafe\u{301}"
  var log = SyntheticLog(honest: 60)
  var random = Noise(state: 3)
  log.addNode(composed, &random, receptions: 30, rssi: -97)
  log.addNode(decomposed, &random, receptions: 40)
  let labels = try folder.write("node,label\n\(composed),1\n", to: "labels.csv")
  #expect(try Training.decisions(labels: labels) == [Array(composed.utf8): true])
  let (contents, path, file) = try await bundle(of: log, in: folder)
  #expect(contents.verdicts.count == 62)
  #expect(try verdict(contents, composed).outcome == .reject)
  #expect(try verdict(contents, decomposed).outcome == .accept)
  #expect(try verdict(contents, decomposed).unitsMicro > verdict(contents, composed).unitsMicro)
  #expect(try BundleVerifier.verify(path: path).failures == [])
  let reader = BundleReader(path: path)
  #expect(try reader.verdict(on: composed).verdict == verdict(contents, composed))
  #expect(try reader.verdict(on: decomposed).verdict == verdict(contents, decomposed))
  #expect(
    try reader.verdict(on: composed).leaf(bits: [:]).subject
      != reader.verdict(on: decomposed).leaf(bits: [:]).subject)
  // The summary lists the rejected one by its own bytes.
  let summary = try reader.bytes("reports/summary.json")
  #expect(summary.contains(Array("\"node\":\"\(composed)\"".utf8)))
  #expect(!summary.contains(Array("\"node\":\"\(decomposed)\"".utf8)))
  let again = try Replay.settings(
    for: reader, logs: try LogFile.find([file]), modelPath: nil, memoryLimit: 64_000_000, tasks: 1)
  let files = try BundleWriter(try await Run(again).contents(), keys: []).files()
  #expect(try Replay.compare(reader, with: files).isEqual)
}

extension Collection where Element == UInt8 {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: part) }
  }
}

@Test func hostileNodesMakeAGoodBundle() async throws {
  let folder = try TemporaryFolder()
  var log = SyntheticLog(honest: 60)
  for (index, node) in [
    #"\"quoted\""#, #"line\nfeed"#, #"\u0001"#, "</script>", "\u{202E}abc", "👩‍👩‍👧‍👦", #"back\\slash"#,
    "../../etc/passwd", "\u{2028}", #"\ud83d\ude00"#,
  ].enumerated() {
    var random = Noise(state: UInt64(index))
    log.addNode(node, &random, rssi: -90)
  }
  let (contents, path, _) = try await bundle(of: log, in: folder)
  #expect(contents.verdicts.count == 70)
  #expect(try BundleVerifier.verify(path: path).failures == [])
  let html = String(
    decoding: try BundleReader(path: path).bytes("reports/report.html"), as: UTF8.self)
  #expect(!html.contains("</script>\u{22}") && !html.contains("<td></script>"))
}

@Test func hostileNumbersMakeAGoodBundle() async throws {
  let folder = try TemporaryFolder()
  var log = SyntheticLog(honest: 60)
  for node in 0..<6 {
    for index in 0..<30 {
      let large = index % 2 == 0 ? "1.7e308" : "5e-324"
      log.add(
        "wild\(node)", kind: "packet", time: Int64(index),
        #""size_bytes":\#(large),"hold_ms":\#(large),"snr_db":-50,"freq_mhz":100000"#)
      log.add(
        "wild\(node)", kind: "transfer", time: Int64(index),
        #""session":"s","up_bytes":\#(large),"down_bytes":\#(large),"duration_s":\#(large)"#)
    }
  }
  let (contents, path, _) = try await bundle(of: log, in: folder)
  #expect(contents.verdicts.count == 66)
  #expect(try BundleVerifier.verify(path: path).failures == [])
  for one in contents.verdicts {
    #expect((0...CanonicalJSON.largestInteger).contains(one.unitsMicro))
  }
}

@Test func anEmptyEpochHasABundleOfItsOwn() async throws {
  let folder = try TemporaryFolder()
  let file = try folder.write(SyntheticLog(honest: 3).text, to: "log.ndjson")
  let empty = try settings([file], selection: .day(Epoch(day: 20_000)))
  let contents = try await Run(empty).contents()
  #expect(contents.verdicts.isEmpty && contents.books.read == 0)
  #expect(contents.books.otherEpochs == 75)
  let path = try BundleWriter(contents, keys: []).write(below: "\(folder.path)/out")
  #expect(try BundleVerifier.verify(path: path).failures == [])
  let reader = BundleReader(path: path)
  let again = try Replay.settings(
    for: reader, logs: empty.logs, modelPath: nil, memoryLimit: 64_000_000, tasks: 2)
  let files = try BundleWriter(try await Run(again).contents(), keys: []).files()
  #expect(try Replay.compare(reader, with: files).different == [])
}

@Test(arguments: ["storage", "mobility", "environment", "compute"])
func everyProfileRunsOnASmallLog(name: String) async throws {
  let folder = try TemporaryFolder()
  let profile = try #require(Profile.named(name))
  let kind = try #require(profile.schema.kinds.last)
  var log = SyntheticLog(honest: 0)
  for node in 0..<12 {
    for index in 0..<20 {
      let fields = kind.fields.filter { $0.type == .number || $0.type == .integer }
        .map { "\"\($0.name)\":\(10 + (node * 7 + index) % 13)" }.joined(separator: ",")
      log.add("n\(node)", kind: kind.name, time: Int64(index) * 60_000, fields)
    }
  }
  let file = try folder.write(log.text, to: "log.ndjson")
  let contents = try await Run(settings([file], profile: profile)).contents()
  #expect(contents.verdicts.count == 12)
  let path = try BundleWriter(contents, keys: []).write(below: "\(folder.path)/out")
  #expect(try BundleVerifier.verify(path: path).failures == [])
}

@Test func theClockNamesEveryStageOnce() async throws {
  let folder = try TemporaryFolder()
  let file = try folder.write(SyntheticLog(honest: 5).text, to: "log.ndjson")
  let run = try Run(settings([file]))
  _ = try await run.contents()
  #expect(
    run.clock.stages.map(\.name)
      == ["parse", "features", "relations", "score", "verdicts", "report"])
  #expect(run.clock.stages.allSatisfy { $0.seconds >= 0 })
  let bytes = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int64
  #expect(run.clock.stages.first?.bytes == bytes)
  #expect(run.clock.stages.dropFirst().allSatisfy { $0.bytes == nil })
}
