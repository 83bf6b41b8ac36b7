using System.CommandLine;
using HostAgent.Benchmarks;
using HostAgent.Benchmarks.Agent;
using HostAgent.Benchmarks.Allocations;
using HostAgent.Benchmarks.Coordinator;
using HostAgent.Benchmarks.Engine;
using HostAgent.Benchmarks.Grpc;

return await new RootCommand("Benchmarks. Run them in the Release configuration, on a machine that does nothing else.")
{
    GrpcCommand.Create(),
    EngineCommand.Create(),
    AgentCommand.Create(),
    CoordinatorCommand.Create(),
    ReadmeCommand.Create(),
    GateCommand.Create(),
    PeerCommand.Create("benchmark-server", BenchmarkServer.RunAsync),
    PeerCommand.Create("benchmark-client", BenchmarkClient.RunAsync),
    ScriptedAgents.CreateCommand(),
}.Parse(args).InvokeAsync();
