internal import Swiftwater

extension StreamsConfiguration {
    /// What tasks are to know of the settings.
    var taskSettings: TaskSettings {
        var settings = TaskSettings(applicationID: applicationID)
        settings.deserializationHandler = deserializationHandler
        settings.processingHandler = processingHandler
        settings.productionHandler = productionHandler
        settings.deadLetterTopic = deadLetterTopic
        settings.timestampExtractor = timestampExtractor
        settings.maxTaskIdle = maximumTaskIdle
        settings.isCachingEnabled = isCachingEnabled
        return settings
    }
}
