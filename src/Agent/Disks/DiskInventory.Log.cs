namespace HostAgent.Agent.Disks;

/// <content>What is logged.</content>
internal sealed partial class DiskInventory
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Not all disk sizes are known after {Patience}; the reading goes on")]
    private partial void LogNotYet(TimeSpan patience);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "The disk {Path} could not be read: {Observed}")]
    private partial void LogFileNotRead(string path, string observed);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "The host does not tell its machines' disks; their sizes are not known")]
    private partial void LogNotRead(Exception exception);
}
