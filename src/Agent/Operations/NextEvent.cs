namespace HostAgent.Agent.Operations;

/// <summary>An event about to be recorded, and what it changes. The log gives it its sequence and its time.</summary>
internal sealed record NextEvent(OperationEvent Event, OperationChange Change)
{
    /// <summary>The next event of an operation: what is not said stays as it was.</summary>
    public static NextEvent Of(OperationSnapshot current, OperationEventKind kind, string explanation, OperationState? state = null) => new(
        current.Last with
        {
            Kind = kind,
            State = state ?? current.State,
            Explanation = explanation,
            QueuePosition = 0,
            MayHaveBeenCalled = current.Last.MayHaveBeenCalled && (state ?? current.State) == OperationState.Queued,
        },
        OperationChange.Nothing);

    /// <summary>The last event of an operation.</summary>
    public static NextEvent Conclusion(OperationSnapshot current, OperationOutcome outcome)
    {
        var next = Of(current, OperationEventKind.Concluded, outcome.Explanation, outcome.State);
        return next with { Event = next.Event with { Outcome = outcome } };
    }
}
