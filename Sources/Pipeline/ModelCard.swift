import Contributions
import Detection
import Foundation

/// Where a model comes from: written beside it.
public struct ModelCard: Sendable {
  private let json: CanonicalJSON
  /// For people.
  public let text: String

  init(
    _ model: TrainedModel, epoch: Epoch, books: Books, nodes: Int, referenceNodes: Int,
    decisions: [Decision], quality: ModelQuality
  ) {
    let digest = "0x" + Hex.encode(model.digest)
    json = .object([
      "name": .string(model.name), "version": .string(model.version),
      "profile": .string(model.profile), "digest": .string(digest),
      "epoch": .integer(epoch.day), "date": .string("\(epoch)"),
      "records": .integer(Int64(books.used)), "nodes": .integer(Int64(nodes)),
      "reference_nodes": .integer(Int64(referenceNodes)),
      "decided_spoofed": .integer(Int64(decisions.count(where: \.isSpoofed))),
      "decided_honest": .integer(Int64(decisions.count { !$0.isSpoofed })),
      "recipe": .string("nodes"),
      "quality": quality.json,
      "features": .array(model.detection.columns.map { .string($0.name) }),
      "data": .array(
        books.files.map { file in
          .object([
            "name": .string(file.name), "records": .integer(Int64(file.records)),
            "sha256": .string(Hex.encode(file.sha256)),
          ])
        }),
    ])
    text =
      "\(model.name) for \(model.profile): learnt from \(referenceNodes) of \(nodes) nodes, "
      + "\(books.used) records up to \(epoch)\ndigest \(digest)"
  }

  /// - Throws: `PipelineError.cannotWrite`.
  public func write(to path: String) throws(PipelineError) {
    try OutputFile.write(json.bytes + [10], to: path)
  }
}

extension TrainedModel {
  /// Writes the model file.
  ///
  /// - Throws: `PipelineError.cannotWrite`.
  public func write(to path: String) throws(PipelineError) {
    try OutputFile.write(bytes, to: path)
  }
}

/// Files that appear whole or not at all.
public enum OutputFile {
  /// - Throws: `PipelineError.cannotWrite`.
  public static func write(_ bytes: [UInt8], to path: String) throws(PipelineError) {
    do {
      try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw .cannotWrite(path: path, reason: error.localizedDescription)
    }
  }
}
