import Foundation

/// What the system says of this process, under the names that Prometheus' clients agree on.
public struct ProcessFigures: Sendable {
  static let names = [
    "process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes",
    "process_start_time_seconds", "process_open_fds",
  ]

  let cpuSeconds: Double
  let residentBytes: Int64
  let virtualBytes: Int64
  /// Seconds since 1970.
  let startTime: Double
  let openFiles: Int64

  /// Reads `/proc`; `nil` where there is none.
  public static func current() -> ProcessFigures? {
    guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
      let kernel = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
      let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
    else { return nil }
    return ProcessFigures(stat: stat, kernel: kernel, openFiles: files.count)
  }

  /// Reads the texts (proc(5)): fields 14, 15, 22, 23 and 24 of `stat`, counted after the name,
  /// which may hold spaces; and the `btime` line of the kernel's.
  init?(stat: String, kernel: String, openFiles: Int) {
    guard let end = stat.lastIndex(of: ")"),
      let boot = kernel.split(separator: "\n").first(where: { $0.hasPrefix("btime ") }),
      let bootTime = Double(boot.dropFirst(6))
    else { return nil }
    let fields = stat[end...].split(whereSeparator: \.isWhitespace)
    func field(_ number: Int) -> Double? {
      // The parenthesis itself is the second.
      fields.indices.contains(number - 2) ? Double(fields[number - 2]) : nil
    }
    guard let user = field(14), let system = field(15), let start = field(22),
      let virtual = field(23), let pages = field(24)
    else { return nil }
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    cpuSeconds = (user + system) / ticks
    startTime = bootTime + start / ticks
    virtualBytes = Int64(virtual)
    residentBytes = Int64(pages) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    self.openFiles = Int64(openFiles)
  }

  func write(to text: inout PrometheusText) {
    func add(_ name: String, _ type: String, _ help: String, _ value: PrometheusText.Value) {
      text.begin(name, type: type, help: help)
      text.add(name, "", value)
    }
    add(Self.names[0], "counter", "Processor time, user and system.", .number(cpuSeconds))
    add(Self.names[1], "gauge", "Memory in use.", .integer(residentBytes))
    add(Self.names[2], "gauge", "Memory mapped.", .integer(virtualBytes))
    add(Self.names[3], "gauge", "When the process began, since 1970.", .number(startTime))
    add(Self.names[4], "gauge", "Open file descriptors.", .integer(openFiles))
  }
}
