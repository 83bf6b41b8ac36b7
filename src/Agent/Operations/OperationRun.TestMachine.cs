using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Operations;

/// <content>An operation that makes a second machine: which one is found out before it ends, and is never guessed by a name.</content>
internal sealed partial class OperationRun
{
    // Null for a kind that makes none, or when it is not known what was there before the call.
    private async Task<IReadOnlyList<string>?> NewTestMachinesAsync(CancellationToken cancellationToken)
        => kind.MakesTestMachine && log.Snapshot.Intent?.TestMachines is { } before
            ? [.. (await context.Host.ListTestMachinesAsync(_machine, cancellationToken)).Select(found => found.ToString()).Except(before, StringComparer.OrdinalIgnoreCase)]
            : null;

    // The answer names it, or it is the only one that has appeared since the intent. Where neither holds, nobody may remove a machine on this operation's word.
    private async Task<(OperationOutcome Outcome, string? TestMachine)> WithTestMachineAsync(OperationOutcome outcome, CancellationToken cancellationToken)
    {
        if (!kind.MakesTestMachine || log.Snapshot.Last.TestMachine is not null || !MayHaveMadeOne(outcome))
        {
            return (outcome, null);
        }

        var made = await NewTestMachinesAsync(cancellationToken);
        if (made is { Count: 1 } || !outcome.State.IsSuccess())
        {
            return (outcome, made is [var only] ? only : null);
        }

        return (Unknown($"the host made a machine without naming it, and {(made is null ? "what was there before is not known" : $"{made.Count} machines appeared since the intent to call")}"), null);
    }

    private bool MayHaveMadeOne(OperationOutcome outcome)
        => log.Snapshot.Intent is not null && (outcome.State.IsSuccess() || outcome.State == OperationState.UnknownOutcome || outcome.Basis == OutcomeBasis.Job);
}
