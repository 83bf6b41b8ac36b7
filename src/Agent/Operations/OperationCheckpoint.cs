namespace HostAgent.Agent.Operations;

/// <summary>The moments at which a crash is the most telling. Tests stop an operation there; the product passes through.</summary>
internal enum OperationCheckpoint
{
    /// <summary>Journaled, before the intent to call.</summary>
    BeforeIntent,

    /// <summary>The intent is durable, the call is not made.</summary>
    BeforeCall,

    /// <summary>The host has answered, the answer is not durable.</summary>
    AfterCall,

    /// <summary>The job has been seen at work; reached at every such look.</summary>
    JobAtWork,

    /// <summary>The job's end has been seen, and is not durable.</summary>
    BeforeConclusion,
}

/// <summary>Reached by an operation at a checkpoint.</summary>
internal delegate Task CheckpointReached(OperationCheckpoint checkpoint, OperationSnapshot operation, CancellationToken cancellationToken);
