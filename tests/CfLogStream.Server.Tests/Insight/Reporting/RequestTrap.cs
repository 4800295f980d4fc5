using System.Net;
using System.Net.Sockets;

namespace CfLogStream.Server.Tests.Insight.Reporting;

/// <summary>Listens on a free port of this machine and counts who sends anything: nobody should.</summary>
internal sealed class RequestTrap : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private int _requests;

    public RequestTrap()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ReadAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception end) when (end is ObjectDisposedException or SocketException)
        {
            // The trap was taken up.
        }
    }

    private async Task ReadAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                // A browser may open a connection ahead of a page's frame that its policy then refuses: nothing is sent over it.
                if (await client.GetStream().ReadAsync(new byte[1]) > 0)
                {
                    Interlocked.Increment(ref _requests);
                }
            }
            catch (IOException)
            {
                // The browser ended.
            }
        }
    }
}
