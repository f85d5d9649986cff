import Foundation

/// The directory that the user named, or one that is gone afterwards.
package struct TemporaryDirectory: Sendable {
    package let path: String
    private let isOwn: Bool

    package init(_ named: String?) {
        isOwn = named == nil
        path = named ?? FileManager.default.temporaryDirectory.appending(path: "swiftwater-\(UUID().uuidString)").path
    }

    package func remove() {
        if isOwn { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Bytes that the files below take.
    package var size: Int {
        let files = FileManager.default.enumerator(atPath: path)
        var bytes = 0
        while let file = files?.nextObject() as? String {
            // Sparse: what counts is what the disk gives.
            var status = stat()
            if stat("\(path)/\(file)", &status) == 0 { bytes += Int(status.st_blocks) * 512 }
        }
        return bytes
    }
}
