import Assay
import Contributions
import Foundation
import Testing

/// Altered requests: nothing crashes, every one is refused or answered, and what counts as JSON is
/// what Foundation's reader takes for JSON.
@Suite struct HostileRequestTests {
  private static let seed =
    #"{"api_version":"depin.verifier.v1","request_id":"r-1","epoch":20454,"as_of":1767300000000,"#
    + #""mode":"ENFORCE","items":[{"item_id":"é","profile":"environment","records":["#
    + (0..<3).map { reading("n\($0)", at: Int64($0)) }.joined(separator: ",")
    + #"]},{"item_id":"b","profile":"none","records":[{"x":[1,{"y":null}],"s":"\"\\\u00e9"}]}]}"#

  private func mutated(_ random: inout SplitMix64) -> [UInt8] {
    var text = Array(Self.seed.utf8)
    let marks = Array("{}[]:,\"\\ue+-.0123456789 \ttfn/'".utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<text.count, using: &random)
      switch random.next() % 7 {
      case 0: text[place] = UInt8(truncatingIfNeeded: random.next())
      case 1: text[place] = marks.randomElement(using: &random) ?? 0
      case 2: text.insert(marks.randomElement(using: &random) ?? 0, at: place)
      case 3: text.remove(at: place)
      case 4: text.swapAt(place, Int.random(in: 0..<text.count, using: &random))
      case 5: text.removeSubrange(place..<min(place + 9, text.count))
      default:
        let end = min(place + 20, text.count)
        text.insert(
          contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &random))
      }
    }
    return text
  }

  /// Texts whose reading Foundation settles otherwise: it guesses UTF-16 from zero bytes, passes over
  /// byte order marks, lets a comma stand behind an array's last element, and looks at the bytes of
  /// strings and the size of numbers, which in records are the record reader's business.
  private func isSpecial(_ text: [UInt8]) -> Bool {
    guard let valid = String(validating: text, as: UTF8.self) else { return true }
    return text.contains(0) || text.starts(with: [0xEF, 0xBB, 0xBF]) || valid.contains(/,\s*\]/)
      || valid.contains(/\\u[dD]/) || valid.contains(/\d[eE]/)
  }

  @Test func alteredRequestsAreRefusedOrAnswered() async throws {
    let own = try verifier(["environment"])
    var random = SplitMix64(state: 77)
    var counts = (answered: 0, refused: 0, notJSON: 0)
    for _ in 0..<1500 {
      let text = mutated(&random)
      var isJSON = true
      do throws(RequestError) {
        let request = try VerifyRequest(json: text)
        let response = await own.verify(request)
        #expect(response.results.count == request.items.count)
        #expect(response.results.allSatisfy { ($0.outcome != nil) == ($0.status == .ok) })
        #expect((try? JSONSerialization.jsonObject(with: Data(response.json))) != nil)
        counts.answered += 1
      } catch {
        isJSON = error.code != .notJSON
        if isJSON { counts.refused += 1 } else { counts.notJSON += 1 }
      }
      // A request is refused for the first mistake, so other mistakes may hide that it is no JSON.
      guard !isSpecial(text), !isJSON || (try? VerifyRequest(json: text)) != nil else { continue }
      let object = try? JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]
      #expect(isJSON == (object != nil), "\(String(decoding: text, as: UTF8.self))")
    }
    #expect(counts.answered > 50 && counts.refused > 50 && counts.notJSON > 300)
  }

  @Test func hostileTextsComeBackAsText() async throws {
    let own = try verifier(["environment"])
    let names = [
      "\u{0}", "\"</script>", "a\u{301}", "á", "../../etc", String(repeating: "n", count: 256),
      "\u{2028}", "😀", "\\",
    ]
    let items = names.enumerated().map { place, name in
      let quoted = CanonicalJSON.string(name).text
      return item("i\(place)", readings("@").map { $0.replacing("\"@\"", with: quoted) })
    }
    let response = await own.verify(try request(items))
    #expect(response.results.allSatisfy { $0.status == .ok })
    for (name, result) in zip(names, response.results) {
      #expect(Array(result.nodes[0].node.utf8) == Array(name.utf8))
    }
    let data = Data(response.json)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect((json["results"] as? [Any])?.count == names.count)
  }

  @Test func lengthsAtTheEndOfTheBufferAreSafe() async throws {
    let own = try verifier(["environment"])
    for text in [
      "", "{", "\"", "{\"ts\"", "\\", "{\"ts\":1", "1", String(repeating: "[", count: 63),
    ] {
      let response = await own.verify(try request([item("i", [text])]))
      #expect(response.results[0].status == .invalidInput, "\(text)")
      #expect(response.results[0].counts.quarantined == 1)
    }
    let long = "\"" + String(repeating: "x", count: 1 << 20) + "\""
    let response = await own.verify(try request([item("i", [long])]))
    #expect(response.results[0].quarantined.map(\.reason) == ["too_long"])
  }
}
