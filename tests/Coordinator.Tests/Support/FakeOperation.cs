using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Failback.V1;

namespace HostAgent.Coordinator.Tests.Support;

/// <summary>An operation in the journal of a fake agent.</summary>
internal sealed class FakeOperation(InitiateFailbackRequest request, string virtualMachineName)
{
    private readonly List<FailbackProgress> _recorded = [];
    private readonly Lock _lock = new();
    private FailbackProgress? _percent;

    public InitiateFailbackRequest Request { get; } = request;

    public string VirtualMachineName { get; } = virtualMachineName;

    public Signal Changed { get; } = new();

    public bool IsTerminal => Last is { Kind: ProgressKind.Concluded };

    public FailbackProgress? Last
    {
        get
        {
            lock (_lock)
            {
                return _recorded.LastOrDefault();
            }
        }
    }

    public FailbackProgress? Percent
    {
        get
        {
            lock (_lock)
            {
                return _percent;
            }
        }
    }

    public List<FailbackProgress> After(long sequence)
    {
        lock (_lock)
        {
            return [.. _recorded.Where(message => message.Sequence > sequence)];
        }
    }

    public void Record(ProgressKind kind, OperationState state, Outcome? outcome = null)
    {
        lock (_lock)
        {
            _recorded.Add(new FailbackProgress
            {
                OperationId = Request.OperationId,
                Sequence = _recorded.Count + 1,
                EventTime = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
                Kind = kind,
                State = state,
                Explanation = $"{kind}",
                Outcome = outcome,
            });
        }

        Changed.Pulse();
    }

    public void Advance(int percent)
    {
        lock (_lock)
        {
            _percent = new FailbackProgress
            {
                OperationId = Request.OperationId,
                Sequence = _recorded.Count,
                Kind = ProgressKind.Percent,
                State = OperationState.Running,
                PercentComplete = percent,
            };
        }

        Changed.Pulse();
    }

    public void Succeed() => Record(ProgressKind.Concluded, OperationState.Succeeded, new Outcome { State = OperationState.Succeeded, Basis = OutcomeBasis.Job });

    public void Fail(string reason, RetryClass retryClass) => Record(ProgressKind.Concluded, OperationState.Failed, new Outcome
    {
        State = OperationState.Failed,
        Basis = OutcomeBasis.ReturnCode,
        RetryClass = retryClass,
        Failure = new Failure { Code = 9, Reason = reason, Message = $"refused with {reason}" },
    });
}
