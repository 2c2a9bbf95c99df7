import Foundation
import Logging
import Review
import ServiceLifecycle
import Synchronization

/// Reads the logs of imported bundles beside the pages, one bundle after the other.
///
/// Until it has, the nodes' pages lack what is drawn from records. What is not done when the desk ends
/// is done after the next start.
public final class IndexingService: Service {
  /// Nights that are looked back on at the start: those of long ago have lost their logs.
  private static let nights = 60

  private let store: ReviewStore
  private let indexing: RecordIndexing
  private let logger: Logger
  private let paths: AsyncStream<String>
  private let continuation: AsyncStream<String>.Continuation
  private let waiting = Mutex<Set<String>>([])

  init(store: ReviewStore, indexing: RecordIndexing, logger: Logger) {
    self.store = store
    self.indexing = indexing
    self.logger = logger
    (paths, continuation) = AsyncStream.makeStream()
  }

  /// Has a bundle's logs read when those before it are.
  public func add(_ path: String) {
    // As the store keeps paths.
    let path = URL(fileURLWithPath: path).standardizedFileURL.path
    guard waiting.withLock({ $0.insert(path).inserted }) else { return }
    continuation.yield(path)
  }

  public func run() async throws {
    for bundle in try await store.bundlesWithoutRecords(limit: Self.nights) { add(bundle.path) }
    // Apart from this task: a long night's logs do not keep the desk from ending, and what has been
    // read of them is kept in one change or not at all.
    let work = Task {
      for await path in paths {
        guard !Task.isCancelled else { return }
        waiting.withLock { _ = $0.remove(path) }
        await index(path)
      }
    }
    try? await gracefulShutdown()
    work.cancel()
    continuation.finish()
  }

  private func index(_ path: String) async {
    do {
      let words = try await indexing.index(path, in: store)
      logger.info("\(words)")
    } catch {
      logger.warning("\(path) is not indexed: \(error)")
    }
  }
}
