"""Asks the bridge once (a client, it opens no port)."""
import asyncio

import click
from websockets.asyncio.client import connect


async def ask(host, port, token):
    async with connect(f"ws://{host}:{port}/live", additional_headers={"X-Token": token}) as socket:
        await socket.send('{"probe": 5001}')
        return await socket.recv()


@click.command()
@click.option("--host", default="localhost")
@click.option("--port", default=8765, show_default=True, help="port of the bridge")
@click.option("--token", envvar="BRIDGE_TOKEN", required=True)
def main(host, port, token):
    click.echo(asyncio.run(ask(host, port, token)))


if __name__ == "__main__":
    main()
