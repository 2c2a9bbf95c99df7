/// A share as a short bar; the number stands beside it, so it is hidden from those who listen.
enum ShareBar {
  static func markup(ppm: Int64) -> String {
    let tenths = min(max(ppm, 0), 1_000_000) * 600 / 1_000_000
    let part = "\(tenths / 10).\(tenths % 10)"
    return #"<svg class="bar" aria-hidden="true" viewBox="0 0 60 6">"#
      + #"<rect class="track" width="60" height="6"/>"#
      + #"<rect class="part" width="\#(part)" height="6"/></svg>"#
  }
}
