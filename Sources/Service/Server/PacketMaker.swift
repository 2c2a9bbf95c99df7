import Bundles
import Foundation
import Ingestion
import Pipeline
import Profiles
import Review
import Synchronization

/// Makes appeal packets from the logs, one at a time: each reads the logs of an epoch.
final class PacketMaker: Sendable {
  private let isBusy = Mutex(false)

  /// - Throws: `Refusal.notFound` without logs or for a profile that is not known, `.tooMany` while another is being made; errors of
  ///   ``Pipeline/AppealPacket``.
  func packet(
    of item: ReviewItem, configuration: DeskConfiguration
  ) async throws -> [UInt8] {
    guard let logs = configuration.logs,
      let profile = configuration.profile(named: item.row.profile)
    else { throw Refusal.notFound }
    let isFree = isBusy.withLock { isBusy in
      defer { isBusy = true }
      return !isBusy
    }
    guard isFree else { throw Refusal.tooMany }
    defer { isBusy.withLock { $0 = false } }
    do {
      let bundle = BundleReader(path: item.bundle.path)
      let all = try LogFile.find([logs])
      return try await AppealPacket(
        node: item.row.node, bundle: bundle, profile: profile,
        logs: try bundle.inputs().files(among: all) ?? all, memoryLimit: 512_000_000, tasks: 1
      ).json.bytes
    } catch let error as PipelineError {
      throw Refusal.badInput("The packet cannot be made from the logs of this desk: \(error)")
    } catch let error as IngestionError {
      throw Refusal.badInput("The logs of this desk cannot be read: \(error)")
    } catch let error as BundleError {
      throw Refusal.badInput("The bundle cannot be read: \(error)")
    }
  }
}
