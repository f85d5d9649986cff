import Foundation

/// The directory that the user named, or one that is gone afterwards.
struct TemporaryDirectory {
    let path: String
    private let isOwn: Bool

    init(_ named: String?) {
        isOwn = named == nil
        path = named ?? FileManager.default.temporaryDirectory.appending(path: "word-count-\(UUID().uuidString)").path
    }

    func remove() {
        if isOwn { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Bytes that the files below take.
    var size: Int {
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
