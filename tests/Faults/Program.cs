using HostAgent.Faults.Running;

return await FaultsCommand.Create().Parse(args).InvokeAsync();
