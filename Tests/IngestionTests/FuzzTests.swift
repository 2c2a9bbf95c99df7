import Contributions
import Foundation
import Ingestion
import Testing

/// Altered and random bytes: nothing crashes, and what counts as JSON is what Foundation's reader
/// takes for JSON.
@Suite struct FuzzTests {
  /// Reasons that say the line is no JSON object, rather than no good record.
  private let syntax: Set<Rejection> = [
    .notJSON, .notAnObject, .tooDeep, .invalidUTF8, .badNumber, .badString,
  ]

  private let seeds = [
    #"{"ts":1763596800000,"node":"n","kind":"reading","temp_c":-12.5e-1,"x":[1,{"a":null}]}"#,
    #"{"ts":"2025-11-20T00:00:00Z","node":"é\ud83d\ude00","kind":"claim","lat":0.2,"model":"\"\\"}"#,
    #"{ "kind" : "meter" , "node":"😀\u0041" , "ts":1e3 , "y":{"b":[true,false,{}],"c":""} }"#,
  ]

  /// Lines whose reading Foundation settles otherwise, each for a reason of its own.
  private func isSpecial(_ line: [UInt8]) -> Bool {
    // Foundation guesses UTF-16 and UTF-32 from zero bytes, passes over byte order marks, and lets
    // a comma stand behind an array's last element.
    line.contains(0) || line.starts(with: [0xEF, 0xBB, 0xBF])
      || String(decoding: line, as: UTF8.self).contains(/,\s*\]/)
  }

  private func mutated(_ random: inout SplitMix64) -> [UInt8] {
    var line = Array(seeds.randomElement(using: &random)!.utf8)
    let marks = Array("{}[]:,\"\\ue+-.0123456789 \ttfnNI/'".utf8)
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0..<line.count, using: &random)
      switch random.next() % 6 {
      case 0: line[place] = UInt8(truncatingIfNeeded: random.next())
      case 1: line[place] = marks.randomElement(using: &random)!
      case 2: line.insert(marks.randomElement(using: &random)!, at: place)
      case 3: line.remove(at: place)
      case 4: line.swapAt(place, Int.random(in: 0..<line.count, using: &random))
      default: line.removeSubrange(place..<min(place + 4, line.count))
      }
      if line.isEmpty { line = [123] }
    }
    return line.map { $0 == 10 ? 32 : $0 }
  }

  @Test func whatIsJSONAgreesWithFoundation() async throws {
    var random = SplitMix64(seed: 15)
    let lines = (0..<20_000).map { _ in mutated(&random) }
    let folder = try Folder()
    let result = try await read([folder.write(Array(lines.joined(separator: [10])))])
    var reasons: [Int: Rejection] = [:]
    for record in result.quarantine { reasons[record.line] = record.reason }
    var counts = (both: 0, neither: 0)
    for (index, line) in lines.enumerated() where !isSpecial(line) {
      let object = try? JSONSerialization.jsonObject(with: Data(line)) as? [String: Any]
      let accepted = reasons[index + 1].map { !syntax.contains($0) } ?? true
      #expect(accepted == (object != nil), "\(String(decoding: line, as: UTF8.self))")
      if accepted { counts.both += 1 } else { counts.neither += 1 }
    }
    #expect(counts.both > 2000 && counts.neither > 5000)
  }

  @Test func randomBytesNeverCrash() async throws {
    var random = SplitMix64(seed: 16)
    let folder = try Folder()
    let heads: [[UInt8]] = [
      [], [0x1F, 0x8B], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255], [0x28, 0xB5, 0x2F, 0xFD],
      [0x50, 0x2A, 0x4D, 0x18], Array("{\"".utf8),
    ]
    for round in 0..<60 {
      let count = Int.random(in: 0..<20_000, using: &random)
      let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let bytes = heads[round % heads.count] + noise
      let paths = [
        try folder.write(bytes, "noise"), try folder.write(reading(1), "good.ndjson"),
      ]
      let result = try await read(paths)
      #expect(result.books.used == 1)
      #expect(result.books.files.map(\.sha256).contains(sha256(bytes)))
    }
  }
}
