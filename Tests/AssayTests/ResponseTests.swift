import Assay
import Contributions
import Crypto
import Foundation
import Testing

/// A JSON text as a tree; integers and texts only.
private func tree(_ value: Any) -> CanonicalJSON {
  switch value {
  case let object as [String: Any]: .object(object.mapValues { tree($0) })
  case let array as [Any]: .array(array.map { tree($0) })
  case let text as String: .string(text)
  case let number as NSNumber: .integer(number.int64Value)
  default: .null
  }
}

@Suite struct ResponseTests {
  private func response() async throws -> VerifyResponse {
    let night = try await Night("wireless", nodes: 30, seed: 4)
    let own = try verifier(["wireless"])
    return await own.verify(
      try request(
        night.itemsByNode + [
          item("no \"such\"", ["{}"], profile: "other"),
          item("bad", ["{}", "\"\u{1}\""], profile: "wireless"),
        ], asOf: Night.epoch * 86_400_000 + 80_000_000))
  }

  @Test func theBytesAreCanonical() async throws {
    let response = try await response()
    let object = try JSONSerialization.jsonObject(with: Data(response.json))
    #expect(tree(object).bytes == response.json)
  }

  @Test func theDigestIsOfTheAnswerWithoutItsNames() async throws {
    let response = try await response()
    let object = try JSONSerialization.jsonObject(with: Data(response.json))
    guard case .object(var members) = tree(object) else { return #expect(Bool(false)) }
    #expect(members["result_digest"] == .string("0x" + Hex.encode(response.digest)))
    members["result_digest"] = nil
    members["request_id"] = nil
    #expect(Array(SHA256.hash(data: CanonicalJSON.object(members).bytes)) == response.digest)
  }

  @Test func everythingOfTheAnswerIsInItsBytes() async throws {
    let response = try await response()
    let data = Data(response.json)
    let json = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(json.keys) == [
        "api_version", "request_id", "mode", "epoch", "as_of", "verifier", "profiles", "results",
        "result_digest",
      ])
    let results = try #require(json["results"] as? [[String: Any]])
    #expect(results.count == response.results.count)
    for (text, value) in zip(results, response.results) {
      #expect(text["item_id"] as? String == value.itemID)
      #expect(text["status"] as? String == value.status.rawValue)
      #expect(text["outcome"] as? String == value.outcome?.rawValue)
      #expect(text["message"] as? String == value.message)
      let nodes = try #require(text["nodes"] as? [[String: Any]])
      #expect(nodes.count == value.nodes.count)
      for (text, node) in zip(nodes, value.nodes) {
        #expect(text["node"] as? String == node.node)
        #expect(text["p_ppb"] as? Int64 == node.pPpb)
        #expect(text["q_ppb"] as? Int64 == node.qPpb)
        #expect(text["raw_micro"] as? Int64 == node.rawMicro)
        #expect(text["score_ppm"] as? Int64 == node.scorePpm)
        #expect(text["units_micro"] as? Int64 == node.unitsMicro)
        #expect(text["group"] as? String == node.group)
        #expect(text["evidence"] as? String == "0x" + Hex.encode(node.evidence))
        #expect((text["reasons"] as? [[String: Any]])?.count == node.reasons.count)
      }
      let counts = try #require(text["counts"] as? [String: Int])
      #expect(counts["used"] == value.counts.used)
      #expect(counts["later_than_as_of"] == value.counts.laterThanAsOf)
      #expect(counts.count == 5)
    }
  }

  @Test func aSecondVerifierGivesTheSameBytes() async throws {
    let first = try await response()
    let second = try await response()
    #expect(first.json == second.json && first.digest == second.digest)
  }

  @Test func theEvidenceIsTheHashOfTheCanonicalRecords() async throws {
    // Worked out by Python's hashlib and struct from the definition of a canonical record.
    let ts = Night.epoch * 86_400_000
    let records = [
      #"{"ts":\#(ts + 1),"node":"n","kind":"reading","temp_c":-0.0,"humidity_pct":5e1}"#,
      #"{"kind":"claim","node":"n","owner":"\u00e9","ts":\#(ts),"unknown":1}"#,
      #"{"ts":\#(ts + 1),"node":"n","kind":"reading","humidity_pct":50,"temp_c":0}"#,
    ]
    let response = try await verifier(["environment"]).verify(request([item("i", records)]))
    #expect(response.results[0].counts.used == 2 && response.results[0].counts.duplicate == 1)
    let evidence = try #require(response.results[0].nodes.first).evidence
    #expect(
      Hex.encode(evidence) == "f2afc06edc4804809af5037089269a62928225ba5fef926bbe0a31b4d7835c28")
  }
}
