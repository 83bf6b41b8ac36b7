namespace HostAgent.Agent.Disks;

/// <content>What is logged.</content>
internal sealed partial class DiskInventory
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Not all disk sizes are known after {Patience}; still reading")]
    private partial void LogNotYet(TimeSpan patience);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "Could not read disk {Path}: {Observed}")]
    private partial void LogFileNotRead(string path, string observed);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "The host does not report its machines' disks; their sizes are unknown")]
    private partial void LogNotRead(Exception exception);
}
