using HostAgent.Campaigns.Messages;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <content>The calls between the machine and its agents, and what the agents do.</content>
internal sealed partial class World
{
    private void Deliver()
    {
        if (_outbox.Count == 0)
        {
            Pass(TimeSpan.FromSeconds(30));
            return;
        }

        // Items are served in any order, one item's calls one after the other.
        var item = ItemOf(_outbox[_move.Pick % _outbox.Count]);
        var index = _outbox.FindIndex(candidate => ItemOf(candidate) == item);
        var effect = _outbox[index];
        _outbox.RemoveAt(index);
        switch (effect)
        {
            case StartOperation { Journal: null, IsRepetition: false } first when !_agents[first.Host].IsDown:
                Send(new AttemptClaimed(first.Item, first.Attempt, _agents[first.Host].Claim(Now)));
                Call(first.Host, first.Item, first.Attempt, agent => agent.Initiate(first, _move, Begins));
                break;
            case StartOperation initiate:
                Call(initiate.Host, initiate.Item, initiate.Attempt, agent => agent.Initiate(initiate, _move, Begins));
                break;
            case Watch watch:
                Call(watch.Host, watch.Item, watch.Attempt, agent => agent.Watch(watch));
                break;
            case CancelOperation cancel:
                Call(cancel.Host, cancel.Item, cancel.Attempt, agent => agent.Cancel(cancel));
                break;
            case RecheckState reread:
                Call(reread.Host, reread.Item, reread.Attempt, agent => agent.Recheck(reread, _move));
                break;
            case CheckReadiness check when _agents[check.Host].IsDown || _move.Choose(8, 20) == 0:
                // Asked again until the agent answers.
                _outbox.Add(check);
                break;
            case CheckReadiness check:
                Send(_agents[check.Host].Check(check));
                break;
        }
    }

    private void Call(string host, string item, int attempt, Func<WorldAgent, ItemReport?> call)
    {
        var agent = _agents[host];
        if (agent.IsDown)
        {
            Send(new AttemptUndelivered(item, attempt, false, "Connection refused."));
            return;
        }

        var fate = _move.Choose(100, 20);
        var answer = fate < 6 ? null : call(agent);
        if (fate is >= 12 and < 18)
        {
            // The request was delivered twice.
            answer = call(agent);
        }

        if (fate < 12)
        {
            Send(new AttemptUndelivered(item, attempt, fate >= 6, "The connection was reset."));
        }
        else if (answer is not null)
        {
            Send(answer);
        }
    }

    private void Begins(StartOperation call, bool anotherIsLive, bool isFailedBack)
    {
        foreach (var checker in _checkers)
        {
            checker.Begins(call, anotherIsLive, isFailedBack);
        }
    }

    private void Work()
    {
        var busy = _agents.Where(pair => pair.Value.HasLive).ToList();
        if (busy.Count == 0)
        {
            Pass(TimeSpan.FromSeconds(30));
            return;
        }

        var (name, agent) = busy[_move.Choose(busy.Count, 7)];
        var report = agent.Work(_move);
        if (report is not null)
        {
            Send(agent.IsDown ? new HostUnreachable(name, "The stream was cut.") : report);
        }
    }
}
