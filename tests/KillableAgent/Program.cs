using System.Text.Json;
using HostAgent.Agent;
using HostAgent.Agent.Hosting;
using HostAgent.KillableAgent;
using Microsoft.Extensions.Hosting;

var life = JsonSerializer.Deserialize<Life>(await File.ReadAllTextAsync(args[0]))!;
var bomb = new Bomb(life.Agents.Count(agent => agent.KillAt is not null));
var agents = await Task.WhenAll(life.Agents
    .Select(agent => AgentApplication.CreateAsync([.. agent.Arguments], new TestHooks
    {
        Checkpoint = bomb.For(agent),
        Connect = cancellationToken => FastHost.ConnectAsync(agent, cancellationToken),
    })));
await Task.WhenAll(agents.Select(agent => agent.StartAsync()));
await Task.WhenAll(agents.Select(agent => agent.WaitForShutdownAsync()));
