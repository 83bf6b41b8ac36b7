using HostAgent.Coordinator;

try
{
    await using var application = CoordinatorApplication.Create(args);
    await application.RunAsync();
    return 0;
}
catch (CoordinatorStartException failure)
{
    foreach (var line in failure.Lines)
    {
        await Console.Error.WriteLineAsync(line);
    }

    return 2;
}
catch (IOException failure)
{
    // Kestrel's word for an address that cannot be listened on.
    await Console.Error.WriteLineAsync(failure.Message);
    return 2;
}
