import Metrics
import Synchronization

/// A number that only grows. Whole and broken increments have a place each, so that whole ones,
/// nearly all, cost one addition and stay exact.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
  private let whole = Atomic<Int64>(0)
  private let broken = AtomicDouble()

  /// A negative amount is not counted: a counter that falls is taken for a restart.
  func increment(by amount: Int64) {
    guard amount > 0 else { return }
    whole.wrappingAdd(amount, ordering: .relaxed)
  }

  /// Nor is one that is not finite, which the counter would never leave again.
  func increment(by amount: Double) {
    guard amount > 0, amount.isFinite else { return }
    broken.update { $0 + amount }
  }

  func reset() {
    whole.store(0, ordering: .relaxed)
    broken.set(0)
  }

  func write(_ name: String, _ labels: String, to text: inout PrometheusText) {
    let whole = whole.load(ordering: .relaxed)
    let broken = broken.value
    text.add(name, labels, broken == 0 ? .integer(whole) : .number(Double(whole) + broken))
  }
}

/// A number that comes and goes.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
  private let number = AtomicDouble()

  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { number.set(value) }
  func increment(by amount: Double) { number.update { $0 + amount } }
  func decrement(by amount: Double) { number.update { $0 - amount } }

  func write(_ name: String, _ labels: String, to text: inout PrometheusText) {
    text.add(name, labels, .number(number.value))
  }
}

/// How many values lie below each bound, and their sum.
///
/// Timers' sums are kept in whole nanoseconds, which are exact for 292 years of them.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
  private struct State {
    /// By bucket, not cumulated; the last one is for what is above every bound.
    var counts: [UInt64]
    var sum = 0.0
    var nanoseconds = Int64(0)
  }

  private let bounds: [Double]
  private let state: Mutex<State>

  init(bounds: [Double]) {
    self.bounds = Set(bounds.filter(\.isFinite)).sorted()
    state = Mutex(State(counts: Array(repeating: 0, count: self.bounds.count + 1)))
  }

  func record(_ value: Int64) { record(Double(value)) }

  /// A value that is not a number is above every bound, as other clients have it.
  func record(_ value: Double) {
    let bucket = bucket(of: value)
    state.withLock { state in
      state.counts[bucket] += 1
      state.sum += value
    }
  }

  func recordNanoseconds(_ duration: Int64) {
    let bucket = bucket(of: Double(duration) / 1e9)
    state.withLock { state in
      state.counts[bucket] += 1
      state.nanoseconds &+= duration
    }
  }

  /// The first bucket whose bound is not below the value.
  private func bucket(of value: Double) -> Int {
    var low = 0
    var high = bounds.count
    while low < high {
      let middle = (low + high) / 2
      if value <= bounds[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }

  func write(_ name: String, _ labels: String, to text: inout PrometheusText) {
    let state = state.withLock { $0 }
    let comma = labels.isEmpty ? "" : ","
    var total = UInt64(0)
    for (count, bound) in zip(state.counts, bounds + [.infinity]) {
      total += count
      let label = "\(labels)\(comma)le=\"\(PrometheusText.words(bound))\""
      text.add(name + "_bucket", label, .integer(Int64(clamping: total)))
    }
    text.add(name + "_sum", labels, .number(state.sum + Double(state.nanoseconds) / 1e9))
    text.add(name + "_count", labels, .integer(Int64(clamping: total)))
  }
}

/// A number that many change at once.
final class AtomicDouble: Sendable {
  private let bits = Atomic<UInt64>(0)

  var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

  func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

  func update(_ change: (Double) -> Double) {
    var old = bits.load(ordering: .relaxed)
    while true {
      let new = change(Double(bitPattern: old)).bitPattern
      let result = bits.weakCompareExchange(
        expected: old, desired: new, successOrdering: .relaxed, failureOrdering: .relaxed)
      if result.exchanged { return }
      old = result.original
    }
  }
}
