import Bundles
import Contributions
import Foundation
import Ingestion
import Pipeline
import Profiles
import Testing
import Verdicts

/// Appeals on logs whose columns a profile maps.
@Suite struct AppealProfileTests {
  /// Kinds and fields as a profile file maps them: seconds, another name for every column.
  private static var profile: Profile {
    var head = HeadColumns()
    head.timestamp = "when"
    head.timestampScale = 1000
    head.node = "who"
    head.kind = "what"
    let schema = ProfileSchema(
      "windnet", "Small wind turbines.",
      kinds: [
        KindSchema(
          "turn", "A turn.",
          fields: [
            FieldSchema(
              "rpm", .number, unit: "1/min", range: HardRange(-1000, 1000), column: "R",
              text: "Speed."),
            FieldSchema("blade", .string, role: .identity, column: "B", text: "The blade."),
            FieldSchema("braked", .boolean, column: "K", text: "Whether the brake is on."),
            FieldSchema("count", .integer, column: "N", text: "Turns so far."),
          ], label: "T")
      ], head: head)
    return .general(schema)
  }

  /// Every kind of number and text that a line has to give back as it was.
  private static let values = [
    #""R":0.1,"B":"plain","K":true,"N":1"#, #""R":-0.0,"B":"quote \" and \\","K":false"#,
    #""R":1e-300,"B":"line\nfeed","K":1,"N":9007199254740991"#, #""R":123.456789012345678"#,
    #""B":"\u0001\u00e9\ud83d\ude00","K":0"#, #""R":999.9999999999999,"B":"""#, #""N":-7"#,
    #""R":5e-324,"N":0,"B":null"#,
  ]

  private static var log: String {
    (0..<30).flatMap { node in
      values.enumerated().map { index, fields in
        #"{"when":\#(1_700_006_400 + index),"who":"n\#(node)","what":"T",\#(fields)}"# + "\n"
      }
    }.joined()
  }

  @Test func recordsComeInTheFormatsOwnNames() async throws {
    let folder = try TemporaryFolder()
    let profile = Self.profile
    let log = try folder.write(Self.log, to: "log.ndjson")
    let contents = try await Run(settings([log], profile: profile)).contents()
    #expect(contents.books.quarantined == 0 && contents.books.ignoredFields == 0)
    let path = try BundleWriter(contents, keys: []).write(below: folder.path)
    let packet = try await AppealPacket(
      node: "n7", bundle: BundleReader(path: path), profile: profile,
      logs: try LogFile.find([log]), memoryLimit: 64_000_000, tasks: 2)
    #expect(packet.records == Self.values.count)
    let check = try await AppealCheck(json: packet.json.bytes, profile: profile)
    #expect(check.failures == [])
    let lines = try #require(try json(packet.json.bytes)["records"] as? [String])
    let first = try json(Array(lines[0].utf8))
    #expect(Set(first.keys) == ["ts", "node", "kind", "rpm", "blade", "braked", "count"])
    #expect(first["ts"] as? Int == 1_700_006_400_000)
    // Whoever checks it needs the profile file as well.
    await #expect(throws: PipelineError.self) {
      _ = try await AppealCheck(json: packet.json.bytes)
    }
    await #expect(throws: PipelineError.self) {
      _ = try await AppealCheck(json: packet.json.bytes, profile: .wireless)
    }
  }

  @Test func namesThatJSONEscapesAreTheNodesOwn() async throws {
    let folder = try TemporaryFolder()
    let profile = Profile.general(Self.profile.schema.unmapped)
    let names = ["a", "a\"b", "a\\", "a\n", "😀", "a\",\"node\":\"b"]
    let lines = names.flatMap { name in
      (0..<4).map {
        #"{"ts":\#(1_700_006_400_000 + $0),"node":\#(CanonicalJSON.string(name).text),"#
          + #""kind":"turn","rpm":\#($0)}"# + "\n"
      }
    }
    let log = try folder.write(lines.joined(), to: "log.ndjson")
    let contents = try await Run(settings([log], profile: profile)).contents()
    let path = try BundleWriter(contents, keys: []).write(below: folder.path)
    for name in names {
      let packet = try await AppealPacket(
        node: name, bundle: BundleReader(path: path), profile: profile,
        logs: try LogFile.find([log]), memoryLimit: 64_000_000, tasks: 1)
      let check = try await AppealCheck(json: packet.json.bytes, profile: profile)
      #expect(check.failures == [] && check.records == 4, "\(name)")
      #expect(check.proof.record.verdict.node == name)
    }
  }
}
