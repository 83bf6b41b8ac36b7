using HostAgent.Agent;

try
{
    await using var application = AgentApplication.Create(args);
    await application.RunAsync();
    return 0;
}
catch (AgentStartException refusal)
{
    foreach (var line in refusal.Lines)
    {
        await Console.Error.WriteLineAsync(line);
    }

    return 2;
}
catch (IOException refusal)
{
    // Kestrel's word for an address that cannot be listened on.
    await Console.Error.WriteLineAsync(refusal.Message);
    return 2;
}
