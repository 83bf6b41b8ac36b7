namespace HostAgent.Hosting.Tests;

public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("lock-");

    private string Data => Path.Combine(_directory.FullName, "data");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void A_second_server_is_refused_until_the_first_has_ended()
    {
        DataDirectoryLock.IsHeld(Data, "agent").ShouldBeFalse();
        using (DataDirectoryLock.Acquire(Data, "agent"))
        {
            DataDirectoryLock.IsHeld(Data, "agent").ShouldBeTrue();
            Should.Throw<StartException>(() => DataDirectoryLock.Acquire(Data, "agent")).Lines.ShouldHaveSingleItem().ShouldStartWith("Another agent is running on the data directory");
        }

        DataDirectoryLock.IsHeld(Data, "agent").ShouldBeFalse();
        DataDirectoryLock.Acquire(Data, "agent").Dispose();
    }
}
