using HostAgent.Cli.Connection;

namespace HostAgent.Failback.Demo;

/// <summary>What a kept demo leaves running.</summary>
/// <param name="Nodes">The agents and the coordinator.</param>
/// <param name="Directory">Its files.</param>
/// <param name="Settings">How an operator reaches the coordinator.</param>
internal sealed record DemoSurroundings(DemoNodes Nodes, DemoDirectory Directory, ConnectionSettings Settings);
