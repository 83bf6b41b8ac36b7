using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Agent.Tests.Support.Processes;

/// <summary>One operation, and everything that its clients were told about it over all lives of the agent.</summary>
internal sealed class ToldOperation(Guid id, Guid machine)
{
    private readonly SortedDictionary<long, FailbackProgress> _told = [];
    private readonly TaskCompletionSource _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Guid Id => id;

    public Guid Machine => machine;

    /// <summary>Completes when somebody was told that it was accepted.</summary>
    public Task Accepted => _accepted.Task;

    /// <summary>The sequence of the newest recorded event that was told.</summary>
    public long Sequence => _told.Count == 0 ? 0 : _told.Keys.Max();

    public bool IsOver => _told.Values.Any(message => message.Outcome is not null);

    public bool HasSucceeded => _told.Values.Count(message => message.Outcome is not null) == 1 && _told[Sequence].State == OperationState.Succeeded;

    /// <summary>Every sequence from the first to the ending was told.</summary>
    public bool IsComplete => IsOver && Sequence == _told.Count;

    /// <summary>Takes a message.</summary>
    /// <returns>What contradicts something told before; null when nothing does.</returns>
    public string? Take(FailbackProgress message)
    {
        _accepted.TrySetResult();
        if (message.Kind == ProgressKind.Percent || _told.TryAdd(message.Sequence, message) || _told[message.Sequence].Equals(message))
        {
            return null;
        }

        return $"{id} was told {_told[message.Sequence]} and then {message}";
    }
}
