import Foundation
import Synchronization

/// How many requests an address may make: a bucket that holds a minute's worth and refills evenly.
final class AddressLimiter: Sendable {
  private struct Bucket {
    var tokens: Double
    var time: Date
  }

  /// More addresses than this are not remembered; the fullest buckets are forgotten first, which
  /// is in their favour.
  private static let limit = 10_000

  private let perMinute: Double
  private let buckets = Mutex<[String: Bucket]>([:])

  init(perMinute: Int) {
    self.perMinute = Double(max(perMinute, 1))
  }

  /// Whether one more request is within the limit; it counts if it is.
  func admits(_ address: String, now: Date) -> Bool {
    buckets.withLock { buckets in
      var bucket = buckets[address] ?? Bucket(tokens: perMinute, time: now)
      let passed = max(now.timeIntervalSince(bucket.time), 0)
      bucket.tokens = min(bucket.tokens + passed * perMinute / 60, perMinute)
      bucket.time = now
      let isAdmitted = bucket.tokens >= 1
      if isAdmitted { bucket.tokens -= 1 }
      buckets[address] = bucket
      if buckets.count > Self.limit { forgetIdle(&buckets, now: now) }
      return isAdmitted
    }
  }

  private func forgetIdle(_ buckets: inout [String: Bucket], now: Date) {
    let full = buckets.filter { now.timeIntervalSince($0.value.time) > 60 }.keys
    for address in full { buckets[address] = nil }
    guard buckets.count > Self.limit else { return }
    let kept = buckets.sorted { $0.value.tokens < $1.value.tokens }.prefix(Self.limit / 2)
    buckets = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
  }
}
