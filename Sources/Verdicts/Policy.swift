import Contributions
import Foundation

/// How scores, rules and relations become verdicts: a file of integers, part of every bundle.
public struct Policy: Sendable, Equatable {
  /// Reject at a q-value at or below this, × 10⁹.
  public var rejectQPpb: Int64 = 10_000_000
  /// Hold at a q-value at or below this, × 10⁹.
  public var holdQPpb: Int64 = 100_000_000
  /// Records below which a node is not judged; `nil` takes the profile's own.
  public var minimumRecords: Int64?
  /// A check that fails on more than this share of the judged nodes, × 10⁶, is suspect itself…
  public var mutedSharePpm: Int64 = 200_000
  /// …given that these are at least so many nodes.
  public var mutedMinimumNodes: Int64 = 20
  /// Whether nothing is assumed of how p-values hang together: decisions then take
  /// Benjamini–Yekutieli q-values. Verdicts state Benjamini–Hochberg's either way.
  public var assumesNoIndependence = false
  /// Whether a small q-value holds instead of rejecting on a night whose features have drifted from
  /// those the model was trained on.
  public var driftHolds = true

  public init() {}

  /// The policy that applies where no file says otherwise.
  public static let standard = Policy()

  /// Canonical bytes: what the digest is of.
  public var bytes: [UInt8] {
    CanonicalJSON.object([
      "version": 1,
      "reject_q_ppb": .integer(rejectQPpb),
      "hold_q_ppb": .integer(holdQPpb),
      "minimum_records": minimumRecords.map { .integer($0) } ?? .null,
      "muted_share_ppm": .integer(mutedSharePpm),
      "muted_minimum_nodes": .integer(mutedMinimumNodes),
      "arbitrary_dependence": .integer(assumesNoIndependence ? 1 : 0),
      "drift_holds": .integer(driftHolds ? 1 : 0),
    ]).bytes
  }

  private static let keys: Set<String> = [
    "version", "reject_q_ppb", "hold_q_ppb", "minimum_records", "muted_share_ppm",
    "muted_minimum_nodes", "arbitrary_dependence", "drift_holds",
  ]

  /// Reads a policy file: a JSON object with any of the keys that `bytes` has.
  ///
  /// - Throws: `PolicyError` for a key it does not know, a value that is no integer, or limits that
  ///   contradict each other.
  public init(json: [UInt8]) throws(PolicyError) {
    let values = try Self.values(json)
    if let version = values["version"] ?? nil, version != 1 { throw .unknownVersion(version) }
    rejectQPpb = (values["reject_q_ppb"] ?? nil) ?? rejectQPpb
    holdQPpb = (values["hold_q_ppb"] ?? nil) ?? holdQPpb
    minimumRecords = values["minimum_records"] ?? nil
    mutedSharePpm = (values["muted_share_ppm"] ?? nil) ?? mutedSharePpm
    mutedMinimumNodes = (values["muted_minimum_nodes"] ?? nil) ?? mutedMinimumNodes
    assumesNoIndependence = try Self.flag("arbitrary_dependence", in: values) ?? false
    driftHolds = try Self.flag("drift_holds", in: values) ?? true
    guard rejectQPpb <= holdQPpb, holdQPpb <= 1_000_000_000 else {
      throw .contradiction("reject_q_ppb ≤ hold_q_ppb ≤ 1000000000 must hold")
    }
    guard mutedSharePpm <= 1_000_000 else {
      throw .contradiction("muted_share_ppm ≤ 1000000 must hold")
    }
  }

  private static func flag(
    _ key: String, in values: [String: Int64?]
  ) throws(PolicyError) -> Bool? {
    switch values[key] ?? nil {
    case nil: nil
    case 0: false
    case 1: true
    default: throw .contradiction("\(key) is 0 or 1")
    }
  }

  /// The object's members: known keys only, each null or an integer that canonical bytes can hold.
  private static func values(_ json: [UInt8]) throws(PolicyError) -> [String: Int64?] {
    guard let members = try? JSONDecoder().decode([String: Member].self, from: Data(json)) else {
      throw .notAnObject
    }
    for key in members.keys.sorted() where !keys.contains(key) {
      throw .unknownKey(key, known: keys.sorted())
    }
    let range = 0...CanonicalJSON.largestInteger
    for (key, member) in members.sorted(by: { $0.key < $1.key }) {
      guard member.isInteger, range.contains(member.value ?? 0) else { throw .notAnInteger(key) }
    }
    return members.mapValues(\.value)
  }

  /// A member's value, whatever it is, so that its key can be named where it cannot be used.
  private struct Member: Decodable {
    let value: Int64?
    let isInteger: Bool

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      value = try? container.decode(Int64.self)
      isInteger = value != nil || container.decodeNil()
    }
  }
}

/// Why a policy file cannot be used.
public enum PolicyError: Error, CustomStringConvertible, Equatable {
  case notAnObject
  case unknownKey(String, known: [String])
  case unknownVersion(Int64)
  case notAnInteger(String)
  case contradiction(String)

  public var description: String {
    switch self {
    case .notAnObject: "the policy is not a JSON object"
    case .unknownKey(let key, let known):
      "the policy has a key \(key); it may have \(known.joined(separator: ", "))"
    case .unknownVersion(let version): "policy version \(version) is not known; this is version 1"
    case .notAnInteger(let key): "the policy's \(key) is not an integer from 0 to 9007199254740991"
    case .contradiction(let text): "the policy contradicts itself: \(text)"
    }
  }
}
