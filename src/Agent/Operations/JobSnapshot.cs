namespace HostAgent.Agent.Operations;

/// <summary>A host's job as last seen, in the form the journal keeps.</summary>
internal sealed record JobSnapshot
{
    /// <summary>The CIM object path as the host returned it.</summary>
    public required string Path { get; init; }

    /// <summary>The class in the path.</summary>
    public required string ClassName { get; init; }

    /// <summary>The host's number for the state; null before the job was read and after it has gone.</summary>
    public uint? State { get; init; }

    /// <summary>The host no longer has the job.</summary>
    public bool Gone { get; init; }

    /// <summary>0 to 100; null when the host has not said.</summary>
    public int? PercentComplete { get; init; }

    /// <summary>The host's own text, in the host's language.</summary>
    public string Status { get; init; } = "";

    /// <summary>0 when good.</summary>
    public uint ErrorCode { get; init; }

    /// <summary>The host's error text, in the host's language.</summary>
    public string ErrorDescription { get; init; } = "";

    /// <summary>The host's short error text, in the host's language.</summary>
    public string ErrorSummary { get; init; } = "";

    /// <summary>Whether the host offers cancellation.</summary>
    public bool Cancellable { get; init; }

    /// <summary>The host's job type.</summary>
    public uint JobType { get; init; }

    /// <summary>When the job was started, by the host's clock.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Every error the finished job reported.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
