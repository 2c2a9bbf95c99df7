import Metrics
import Testing

@testable import Metering

@Suite struct RegistryTests {
  private func text(_ registry: PrometheusRegistry) -> String { RenderingTests.text(registry) }

  @Test func concurrentIncrementsAreAllCounted() async {
    let registry = PrometheusRegistry([MetricDescription("h", help: "H", buckets: [10, 100])])
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          let counter = Counter(label: "c", factory: registry)
          let broken = FloatingPointCounter(label: "f", factory: registry)
          let meter = Meter(label: "m", factory: registry)
          let recorder = Recorder(label: "h", aggregate: true, factory: registry)
          for value in 0..<1_000 {
            counter.increment()
            broken.increment(by: 0.5)
            meter.increment()
            if value % 2 == 0 { meter.decrement() }
            recorder.record(value % 200)
            if value % 100 == task { _ = registry.render() }
          }
        }
      }
    }
    let text = text(registry)
    for line in [
      "c 8000\n", "f 4000\n", "m 4000\n", "h_bucket{le=\"10\"} 440\n",
      "h_bucket{le=\"100\"} 4040\n",
      "h_bucket{le=\"+Inf\"} 8000\n", "h_sum 796000\n", "h_count 8000\n",
    ] {
      #expect(text.contains(line), "\(line)")
    }
  }

  @Test func aCounterNeverFallsAndIsResetOnlyWhenAsked() {
    let registry = PrometheusRegistry()
    let counter = Counter(label: "c", factory: registry)
    counter.increment(by: 5)
    counter.increment(by: -3)
    let broken = FloatingPointCounter(label: "f", factory: registry)
    for value in [1.5, -1, .nan, .infinity] { broken.increment(by: value) }
    #expect(text(registry) == "# TYPE c counter\nc 5\n# TYPE f counter\nf 1.5\n")
    counter.reset()
    broken.reset()
    #expect(text(registry) == "# TYPE c counter\nc 0\n# TYPE f counter\nf 0\n")
  }

  @Test func labelSetsBeyondTheLimitAreAddedUpInOneSeries() {
    let registry = PrometheusRegistry(seriesLimit: 3)
    for value in 0..<100 {
      Counter(label: "c", dimensions: [("id", "\(value)")], factory: registry).increment()
      Counter(label: "d", dimensions: [("id", "\(value % 3)")], factory: registry).increment()
    }
    Counter(label: "c", dimensions: [("id", "1")], factory: registry).increment()
    #expect(
      text(registry) == """
        # TYPE c counter
        c{id="0"} 1
        c{id="1"} 2
        c{id="2"} 1
        c{overflow="true"} 97
        # TYPE d counter
        d{id="0"} 34
        d{id="1"} 33
        d{id="2"} 33

        """)
  }

  @Test func aNameOfAnotherTypeIsNotKeptAndCounted() {
    let registry = PrometheusRegistry()
    Counter(label: "a", factory: registry).increment()
    Gauge(label: "a", factory: registry).record(7)
    Timer(label: "t", factory: registry).recordSeconds(1)
    Counter(label: "t_count", factory: registry).increment()
    Gauge(label: "process_open_fds", factory: registry).record(7)
    let text = text(registry)
    #expect(text.contains("# TYPE a counter\na 1\n") && !text.contains("a 7"))
    #expect(text.contains("t_count 1\n") && !text.contains("TYPE t_count"))
    #expect(text.hasSuffix("\nmetrics_refused_total 3\n"))
  }

  @Test func everyInstrumentHasItsType() {
    let registry = PrometheusRegistry()
    Recorder(label: "size", aggregate: true, factory: registry).record(1)
    Recorder(label: "level", aggregate: false, factory: registry).record(1)
    Meter(label: "meter", factory: registry).set(1)
    Timer(label: "timer", factory: registry).recordNanoseconds(500_001)
    let text = text(registry)
    for line in [
      "# TYPE size histogram", "size_bucket{le=\"1\"} 1", "# TYPE level gauge",
      "# TYPE meter gauge", "# TYPE timer histogram", "timer_bucket{le=\"0.0005\"} 0",
      "timer_bucket{le=\"0.001\"} 1", "timer_sum 0.000500001",
    ] {
      #expect(text.contains(line + "\n"), "\(line)")
    }
  }

  @Test func valuesThatAreNoNumbersAreAboveEveryBound() {
    let registry = PrometheusRegistry([MetricDescription("h", help: "H", buckets: [0])])
    let recorder = Recorder(label: "h", aggregate: true, factory: registry)
    for value in [Double.nan, -.infinity, .infinity] { recorder.record(value) }
    let text = text(registry)
    #expect(text.contains("h_bucket{le=\"0\"} 1\n") && text.contains("h_bucket{le=\"+Inf\"} 3\n"))
    #expect(text.contains("h_sum NaN\n"))
  }

  @Test func whatIsDestroyedIsNotShownAndBeginsAnew() {
    let registry = PrometheusRegistry(seriesLimit: 1)
    let old = Gauge(label: "info", dimensions: [("digest", "0x1")], factory: registry)
    old.record(1)
    old.destroy()
    #expect(text(registry).isEmpty)
    Gauge(label: "info", dimensions: [("digest", "0x2")], factory: registry).record(1)
    #expect(text(registry) == "# TYPE info gauge\ninfo{digest=\"0x2\"} 1\n")
  }

  @Test func aTimersSumStaysExact() {
    let registry = PrometheusRegistry()
    let timer = Timer(label: "t", factory: registry)
    for _ in 0..<10 { timer.recordNanoseconds(100_000_000) }
    #expect(text(registry).contains("t_sum 1\n"))
  }
}
