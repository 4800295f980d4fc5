Console.WriteLine("cflogstream");
