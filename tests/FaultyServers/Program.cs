using HostAgent.Agent;
using HostAgent.Agent.Hosting;
using HostAgent.Coordinator;
using HostAgent.FaultyServers;
using Microsoft.Extensions.Hosting;

var fault = FaultArguments.Parse(args);
await using var application = fault.Verb switch
{
    "run-agent" => await AgentApplication.CreateAsync([.. fault.Arguments], new TestHooks
    {
        Checkpoint = fault.KillAt is { } point ? new SuddenDeath(point).Arrive : null,
        Time = fault.Time,
        Connect = AgentFlaws.Connect(fault),
        Services = services => AgentFlaws.Plant(services, fault),
    }),
    "run-coordinator" => CoordinatorApplication.Create([.. fault.Arguments], fault.Time, services => CoordinatorFlaws.Plant(services, fault)),
    _ => throw new ArgumentException($"The server is '{fault.Verb}'; it must be run-agent or run-coordinator."),
};
await application.StartAsync();
await application.WaitForShutdownAsync();
