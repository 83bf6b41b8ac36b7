using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Returns;

public sealed class OnDemandLoopTests
{
    [Fact]
    public async Task What_is_started_while_the_former_one_is_leaving_goes_on()
    {
        var (ended, mayLeave, again) = (NewSignal(), NewSignal(), NewSignal());
        var runs = 0;
        OnDemandLoop? loop = null;
        loop = new OnDemandLoop(async () =>
        {
            if (Interlocked.Increment(ref runs) == 1)
            {
                loop!.End();
                ended.SetResult();
                await mayLeave.Task;
            }
            else
            {
                again.SetResult();
            }
        });

        loop.Start();
        await ended.Task.WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);
        loop.Start();
        again.Task.IsCompleted.ShouldBeFalse("never beside the one that is leaving");
        mayLeave.SetResult();

        await again.Task.WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);
        await loop.Completion;
        runs.ShouldBe(2);
    }

    [Fact]
    public async Task It_is_started_once_while_it_goes_on()
    {
        var mayLeave = NewSignal();
        var runs = 0;
        var loop = new OnDemandLoop(async () =>
        {
            Interlocked.Increment(ref runs);
            await mayLeave.Task;
        });

        loop.Start();
        loop.Start();
        mayLeave.SetResult();
        await loop.Completion;

        runs.ShouldBe(1);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
