namespace HostAgent.Agent.Operations;

/// <summary>What an event tells. The numbers are stored in the journal and equal those of the contract.</summary>
internal enum OperationEventKind
{
    /// <summary>The operation was journaled.</summary>
    Accepted = 1,

    /// <summary>Its place in the queue has changed.</summary>
    Queued = 2,

    /// <summary>The intent to call is durable and the call is being made.</summary>
    Starting = 3,

    /// <summary>The host accepted the call and named its job.</summary>
    Started = 4,

    /// <summary>The job's state has changed, or has stood still for long.</summary>
    JobState = 5,

    /// <summary>The percentage has moved; never recorded.</summary>
    Percent = 6,

    /// <summary>The machine's replication state has changed.</summary>
    ReplicationState = 7,

    /// <summary>The agent was restarted or lost sight of the job, and found the operation again.</summary>
    Reattached = 8,

    /// <summary>Somebody asked for cancellation.</summary>
    CancelRequested = 9,

    /// <summary>The operation is terminal.</summary>
    Concluded = 10,
}
