/// What has configuration entries.
package enum ConfigResource: Hashable, Sendable {
    case topic(String)
    case broker(Int32)
}
