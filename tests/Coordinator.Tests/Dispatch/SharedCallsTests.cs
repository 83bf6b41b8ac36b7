using HostAgent.Coordinator.Dispatch;
using HostAgent.Coordinator.Tests.Support;

namespace HostAgent.Coordinator.Tests.Dispatch;

/// <summary>One call for all who ask the same at once.</summary>
public sealed class SharedCallsTests
{
    private readonly SharedCalls<string, int> _calls = new();
    private readonly List<TaskCompletionSource<int>> _made = [];
    private Action _onMade = () => { };

    [Fact]
    public async Task Whoever_asks_the_same_meanwhile_gets_the_answer_of_the_call_under_way()
    {
        var (first, second, other) = (Ask("a"), Ask("a"), Ask("b"));
        _made.Count.ShouldBe(2);

        _made[0].SetResult(7);
        _made[1].SetResult(8);

        (await first).ShouldBe(7);
        (await second).ShouldBe(7);
        (await other).ShouldBe(8);
    }

    [Fact]
    public async Task Nothing_is_kept_once_a_call_has_ended()
    {
        var first = Ask("a");
        _made[0].SetResult(7);
        await first;

        var second = Ask("a");
        _made[1].SetResult(8);

        (await second).ShouldBe(8);
    }

    [Fact]
    public async Task Failure_is_everybodys_and_the_next_one_asks_anew()
    {
        var (first, second) = (Ask("a"), Ask("a"));
        _made[0].SetException(new InvalidOperationException("no"));

        (await Should.ThrowAsync<InvalidOperationException>(first)).Message.ShouldBe("no");
        (await Should.ThrowAsync<InvalidOperationException>(second)).Message.ShouldBe("no");
        var third = Ask("a");
        _made[1].SetResult(9);
        (await third).ShouldBe(9);
    }

    [Fact]
    public async Task When_whoever_makes_the_call_gives_up_another_makes_it()
    {
        using var leaving = new CancellationTokenSource();
        var (first, second) = (Ask("a", leaving.Token), Ask("a"));
        var made = new Signal();
        _onMade = made.Pulse;

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(first);
        await made.UntilAsync(() => Made == 2, "the second call");
        _made[1].SetResult(8);
        (await second).ShouldBe(8);
    }

    [Fact]
    public async Task Who_waits_for_anothers_call_may_give_up_alone()
    {
        using var leaving = new CancellationTokenSource();
        var (first, second) = (Ask("a"), Ask("a", leaving.Token));

        await leaving.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(second);
        _made[0].SetResult(7);
        (await first).ShouldBe(7);
    }

    private int Made
    {
        get
        {
            lock (_made)
            {
                return _made.Count;
            }
        }
    }

    private Task<int> Ask(string key, CancellationToken cancellationToken = default) => _calls.AskAsync(
        key,
        token =>
        {
            var call = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_made)
            {
                _made.Add(call);
            }

            _onMade();
            return call.Task.WaitAsync(token);
        },
        cancellationToken);
}
