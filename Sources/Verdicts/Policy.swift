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
    ]).bytes
  }

  private static let keys: Set<String> = [
    "version", "reject_q_ppb", "hold_q_ppb", "minimum_records", "muted_share_ppm",
    "muted_minimum_nodes",
  ]

  /// Reads a policy file: a JSON object with any of the keys that `bytes` has.
  ///
  /// - Throws: `PolicyError` for a key it does not know, a value that is no integer, or limits that
  ///   contradict each other.
  public init(json: [UInt8]) throws(PolicyError) {
    let values: [String: Int64?]
    do {
      values = try JSONDecoder().decode([String: Int64?].self, from: Data(json))
    } catch DecodingError.typeMismatch(_, let context) {
      throw context.codingPath.last.map { .notAnInteger($0.stringValue) } ?? .notAnObject
    } catch {
      throw .notAnObject
    }
    for key in values.keys.sorted() where !Self.keys.contains(key) {
      throw .unknownKey(key, known: Self.keys.sorted())
    }
    for (key, value) in values.sorted(by: { $0.key < $1.key }) where (value ?? 0) < 0 {
      throw .notAnInteger(key)
    }
    if let version = values["version"] ?? nil, version != 1 { throw .unknownVersion(version) }
    rejectQPpb = (values["reject_q_ppb"] ?? nil) ?? rejectQPpb
    holdQPpb = (values["hold_q_ppb"] ?? nil) ?? holdQPpb
    minimumRecords = values["minimum_records"] ?? nil
    mutedSharePpm = (values["muted_share_ppm"] ?? nil) ?? mutedSharePpm
    mutedMinimumNodes = (values["muted_minimum_nodes"] ?? nil) ?? mutedMinimumNodes
    guard rejectQPpb <= holdQPpb, holdQPpb <= 1_000_000_000 else {
      throw .contradiction("reject_q_ppb ≤ hold_q_ppb ≤ 1000000000 must hold")
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
    case .notAnInteger(let key): "the policy's \(key) is not an integer from zero up"
    case .contradiction(let text): "the policy contradicts itself: \(text)"
    }
  }
}
