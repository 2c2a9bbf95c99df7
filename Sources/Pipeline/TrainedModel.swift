import Contributions
import Crypto
import Detection
import Foundation
import Profiles
import Relations

/// A model file: what was learnt of a profile's honest nodes, and where it comes from.
public struct TrainedModel: Sendable {
  public let profile: String
  public let name: String
  public let version: String
  public let detection: DetectionModel
  /// What peers reached in training; results of later nights are held against it.
  public let throughput: PeerThroughput
  /// SHA-256 of the file.
  public let digest: [UInt8]
  public let bytes: [UInt8]

  static let format = "assay-model-2"

  /// Makes a model of its parts.
  public init(
    profile: String, name: String, version: String, detection: DetectionModel,
    throughput: PeerThroughput
  ) {
    var file = Safetensors()
    file.set("format", text: Self.format)
    file.set("profile", text: profile)
    file.set("name", text: name)
    file.set("version", text: version)
    detection.store(in: &file)
    let sorted = throughput.medians.sorted { $0.key < $1.key }
    file.set("throughput.keys", texts: sorted.map(\.key))
    file.set("throughput.medians", sorted.map(\.value))
    self.profile = profile
    self.name = name
    self.version = version
    self.detection = detection
    self.throughput = throughput
    bytes = file.bytes
    digest = Array(SHA256.hash(data: bytes))
  }

  /// Reads a model file.
  ///
  /// - Parameter profile: the profile it must be for; `nil` for any.
  /// - Throws: `PipelineError.cannotRead`, `.wrongModel`.
  public init(path: String, for profile: String? = nil) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PipelineError.cannotRead(path: path)
    }
    do {
      try self.init(bytes: Array(data), path: path, for: profile)
    } catch let error as DetectionError {
      throw PipelineError.wrongModel(path: path, reason: error.description)
    }
  }

  private init(bytes: [UInt8], path: String, for profile: String?) throws {
    let file = try Safetensors(bytes: bytes)
    guard try file.text("format") == Self.format else {
      throw PipelineError.wrongModel(path: path, reason: "its format is not \(Self.format)")
    }
    let own = try file.text("profile")
    guard profile.map({ $0 == own }) ?? true else {
      throw PipelineError.wrongModel(path: path, reason: "it was trained for \(own)")
    }
    self.profile = own
    name = try file.text("name")
    guard name != Run.selfFit else {
      throw PipelineError.wrongModel(path: path, reason: "its name means that there is no model")
    }
    version = try file.text("version")
    detection = try DetectionModel(from: file)
    let keys = try file.texts("throughput.keys")
    let medians = file.doubles["throughput.medians"] ?? []
    guard keys.count == medians.count else {
      throw PipelineError.wrongModel(path: path, reason: "its reference results are incomplete")
    }
    throughput = PeerThroughput(
      medians: Dictionary(zip(keys, medians), uniquingKeysWith: { first, _ in first }))
    self.bytes = bytes
    digest = Array(SHA256.hash(data: bytes))
  }

  /// Checks that a profile's features are those that the model was trained on.
  ///
  /// - Throws: `DetectionError.otherColumns`, which names those that are not.
  public func checkFeatures(of profile: Profile) throws(DetectionError) {
    let columns = (profile.features + Relations.features(for: profile.schema)).map {
      FeatureTable.Column($0)
    }
    guard columns != detection.columns else { return }
    throw .otherColumns(
      missing: detection.columns.filter { !columns.contains($0) }.map(\.name).sorted(),
      unknown: columns.filter { !detection.columns.contains($0) }.map(\.name).sorted())
  }
}
